namespace Ductape.MassTransit.Reloading;

/// <summary>How the last look at the configuration ended.</summary>
/// <param name="At">When one was taken over; null while it is the one of the start.</param>
/// <param name="Problems">What is wrong with the last one, or null.</param>
internal sealed record ReloadState(DateTimeOffset? At, IReadOnlyList<string>? Problems);
