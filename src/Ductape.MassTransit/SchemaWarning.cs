namespace Ductape.MassTransit;

/// <summary>What can go wrong while messages are checked against a schema.</summary>
/// <param name="Problem">What it is, and where in the schema.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record SchemaWarning(string Problem, string Remedy);
