namespace Ductape.MassTransit;

/// <summary>What a replay did.</summary>
/// <param name="Matched">How many dead letters were selected.</param>
/// <param name="Replayed">How many of them the broker has in the subscription's queue again; 0 for a dry run.</param>
/// <param name="Left">How many of those that were there at the beginning still are.</param>
/// <param name="DryRun">Whether nothing was to be moved.</param>
public sealed record ReplayResult(long Matched, long Replayed, long Left, bool DryRun);
