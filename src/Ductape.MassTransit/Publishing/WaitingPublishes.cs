namespace Ductape.MassTransit;

/// <summary>
/// Counts the publishes of a connection that are under way, so that their number is bounded while the broker takes nothing. While it does, a
/// burst may be as large as the caller likes. Thread-safe.
/// </summary>
internal sealed class WaitingPublishes(TimeProvider time)
{
    // Longer than a healthy broker's pauses, and short enough for a caller at full speed not to fill the memory.
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);

    private long _confirmed;
    private int _count;

    /// <summary>Begins a publish; false where it is one too many.</summary>
    public bool TryEnter(int limit, bool isConnected)
    {
        if (Interlocked.Increment(ref _count) <= limit || (isConnected && time.GetElapsedTime(Volatile.Read(ref _confirmed)) < Stalled))
            return true;

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>The broker took a message.</summary>
    public void Confirmed() => Volatile.Write(ref _confirmed, time.GetTimestamp());

    /// <summary>Ends a publish: nothing of it is held any more.</summary>
    public void Exit() => Interlocked.Decrement(ref _count);
}
