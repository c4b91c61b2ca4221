using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>Counts calls that are under way, for whoever has to wait for the last of them. Thread-safe.</summary>
[Experimental("DUCTAPE001")]
public sealed class CallsInFlight
{
    private int _count;
    private TaskCompletionSource? _drained;

    /// <summary>Begins a call.</summary>
    /// <returns>How many are under way now.</returns>
    public int Enter() => Interlocked.Increment(ref _count);

    /// <summary>Ends a call.</summary>
    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            Interlocked.Exchange(ref _drained, null)?.TrySetResult();
    }

    /// <summary>Counts a call until its task is complete.</summary>
    /// <param name="call">The call.</param>
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

    /// <inheritdoc cref="RunAsync(Func{Task})"/>
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

    /// <summary>Completes when none is under way.</summary>
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
