namespace Ductape.MassTransit;

/// <summary>Counts the callbacks, or publishes, that run, for whoever waits for the last of them.</summary>
internal sealed class CallbacksInFlight
{
    private int _count;
    private TaskCompletionSource? _drained;

    /// <returns>How many run now.</returns>
    public int Enter() => Interlocked.Increment(ref _count);

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            Volatile.Read(ref _drained)?.TrySetResult();
    }

    /// <summary>Completes when none runs.</summary>
    public Task DrainAsync()
    {
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _drained, drained);
        if (Volatile.Read(ref _count) == 0)
            drained.TrySetResult();
        return drained.Task;
    }
}
