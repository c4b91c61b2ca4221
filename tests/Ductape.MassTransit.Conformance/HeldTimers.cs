using System.Collections.Concurrent;

namespace Ductape.MassTransit.Conformance;

/// <summary>The system's clock, whose timers of one length end when the test says so.</summary>
public sealed class HeldTimers(TimeSpan length) : TimeProvider
{
    private readonly ConcurrentQueue<ITimer> _held = new();

    /// <summary>How many have begun and were not ended by <see cref="Fire"/>.</summary>
    public int Count => _held.Count;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == length)
            _held.Enqueue(timer);
        return timer;
    }

    /// <summary>Ends those that there are; one that was disposed is not woken.</summary>
    public void Fire()
    {
        while (_held.TryDequeue(out var timer))
            timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
