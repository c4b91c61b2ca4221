namespace Ductape.MassTransit;

/// <summary>What a discard did.</summary>
/// <param name="Matched">How many dead letters were selected.</param>
/// <param name="Discarded">How many of them were removed; 0 for a dry run.</param>
/// <param name="Left">How many of those that were there at the beginning still are.</param>
/// <param name="DryRun">Whether nothing was to be removed.</param>
public sealed record DiscardResult(long Matched, long Discarded, long Left, bool DryRun);
