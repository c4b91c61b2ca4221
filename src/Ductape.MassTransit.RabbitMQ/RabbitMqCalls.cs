namespace Ductape.MassTransit;

/// <summary>Counts the calls on one channel that wait for an answer of the server, for whoever closes or disposes it. Thread-safe.</summary>
internal sealed class RabbitMqCalls
{
    private int _count;
    private TaskCompletionSource? _drained;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            Interlocked.Exchange(ref _drained, null)?.TrySetResult();
    }

    public async Task RunAsync(Func<Task> call)
    {
        Enter();
        try
        {
            await call().ConfigureAwait(false);
        }
        finally
        {
            Exit();
        }
    }

    public async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        Enter();
        try
        {
            return await call().ConfigureAwait(false);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Completes when none waits.</summary>
    public Task DrainAsync()
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var drained = Interlocked.CompareExchange(ref _drained, signal, null) ?? signal;
        // Looked at after it was put there: whoever exits last then finds it, or this sees that nobody is left.
        if (Volatile.Read(ref _count) == 0)
        {
            Interlocked.CompareExchange(ref _drained, null, drained);
            drained.TrySetResult();
        }

        return drained.Task;
    }
}
