using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Connections;

/// <summary>
/// Counts the publishes of a connection that are under way, so that their number is bounded while the broker takes
/// nothing. While it does, a burst may be as large as the caller likes. Thread-safe.
/// </summary>
internal sealed class WaitingPublishes(TimeProvider time)
{
    // Longer than a healthy broker's pauses, and short enough for a caller at full speed not to fill the memory.
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);

    // When the broker last took a message, or had none to take.
    private long _progress;
    private readonly CallsInFlight _underWay = new();

    /// <summary>Begins a publish; false where it is one too many.</summary>
    /// <param name="limit">How many may be under way while the broker takes nothing.</param>
    /// <param name="isConnected">Whether the broker is connected, as far as is known.</param>
    /// <param name="now">The timestamp.</param>
    public bool TryEnter(int limit, bool isConnected, long now)
    {
        var count = _underWay.Enter();
        if (count == 1)
            Volatile.Write(ref _progress, now);
        if (count <= limit || (isConnected && time.GetElapsedTime(Volatile.Read(ref _progress), now) < Stalled))
            return true;

        _underWay.Exit();
        return false;
    }

    /// <summary>The broker took a message.</summary>
    public void Confirmed() => Volatile.Write(ref _progress, time.GetTimestamp());

    /// <summary>Ends a publish: nothing of it is held any more.</summary>
    public void Exit() => _underWay.Exit();

    /// <summary>Completes when none is under way.</summary>
    public Task DrainAsync() => _underWay.DrainAsync();
}
