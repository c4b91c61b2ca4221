namespace Ductape.MassTransit.Subscribing;

/// <summary>Counts the deliveries of a subscription since it began. Thread-safe.</summary>
internal sealed class DeliveryCounts
{
    private long _inFlight;
    private long _handled;
    private long _failed;

    public long InFlight => Interlocked.Read(ref _inFlight);

    public long Handled => Interlocked.Read(ref _handled);

    public long Failed => Interlocked.Read(ref _failed);

    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <param name="outcome">What became of it; none where it threw.</param>
    public void End(DeliveryOutcome outcome)
    {
        if (outcome == DeliveryOutcome.Handled)
            Interlocked.Increment(ref _handled);
        else if (outcome != DeliveryOutcome.Dropped)
            Interlocked.Increment(ref _failed);
        Interlocked.Decrement(ref _inFlight);
    }
}
