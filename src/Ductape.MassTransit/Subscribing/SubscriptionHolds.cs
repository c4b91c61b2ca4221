namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Starts, holds and starts again what a subscription receives: one after the other, in the order in which it was asked
/// for, and a hold ends the wait of a start.
/// </summary>
/// <param name="start">Completes when messages are delivered.</param>
/// <param name="hold">Completes when no callback runs any more.</param>
internal sealed class SubscriptionHolds(Func<CancellationToken, Task> start, Func<Task> hold)
{
    // Whatever came of it, and never inside the caller's lock.
    private const ConfigureAwaitOptions AfterIt = ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding;

    private readonly Lock _lock = new();
    private CancellationTokenSource _starting = new();
    private Task _last = Task.CompletedTask;
    private volatile HoldReasons _reasons;

    public HoldReasons Reasons => _reasons;

    /// <summary>The last of what was asked for.</summary>
    public Task Last
    {
        get
        {
            lock (_lock)
                return _last;
        }
    }

    public Task BeginAsync()
    {
        lock (_lock)
            return _last = Observed(StartAsync(_last, _starting.Token));
    }

    /// <summary>
    /// Completes when no callback runs any more; for a subscription that is held already, when that one is complete.
    /// </summary>
    public Task HoldAsync(HoldReasons reason)
    {
        lock (_lock)
        {
            var before = _reasons;
            _reasons |= reason;
            if (before != HoldReasons.None)
                return _last;

            // Not here: what waits for it would go on inside this lock.
            _ = _starting.CancelAsync();
            return _last = Observed(HoldAsync(_last));
        }
    }

    /// <summary>Goes on, unless another reason remains; completes when messages are delivered again.</summary>
    public Task ReleaseAsync(HoldReasons reasons)
    {
        lock (_lock)
        {
            var before = _reasons;
            _reasons &= ~reasons;
            // A start that the broker refused is tried again.
            if (_reasons != HoldReasons.None || (before == HoldReasons.None && !_last.IsFaulted))
                return _reasons == HoldReasons.None ? _last : Task.CompletedTask;

            _starting = new CancellationTokenSource();
            return _last = Observed(StartAsync(_last, _starting.Token));
        }
    }

    private async Task StartAsync(Task before, CancellationToken held)
    {
        await before.ConfigureAwait(AfterIt);
        await start(held).ConfigureAwait(false);
    }

    private async Task HoldAsync(Task before)
    {
        await before.ConfigureAwait(AfterIt);
        await hold().ConfigureAwait(false);
    }

    // Whoever wants to know awaits it; for the others it is in the log.
    private static Task Observed(Task task)
    {
        _ = task.ContinueWith(static x => x.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
        return task;
    }
}
