namespace Ductape.MassTransit.Reloading;

/// <summary>
/// What a new catalog asks for: which connections have to be replaced, and what stays as it was until they are.
/// </summary>
/// <param name="Replacements">The connections that are to take over.</param>
/// <param name="Postponed">What waits for them, or for the next start.</param>
internal sealed record ReloadPlan(IReadOnlyCollection<Replacement> Replacements, PostponedChanges Postponed);
