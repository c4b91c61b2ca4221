using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Lets messages through to the subscription that a queue has at the moment. While it has none, or it is held, they
/// wait here, on transports whose endpoints run on.
/// </summary>
internal sealed class DeliveryGate
{
    private readonly CallsInFlight _inFlight = new();
    private readonly Lock _lock = new();
    private Subscription? _owner;
    private Subscription? _open;
    private TaskCompletionSource<Subscription?> _next = NewSignal();

    /// <summary>The subscription of the queue, whether or not it is held.</summary>
    public Subscription? Owner => Volatile.Read(ref _owner);

    /// <summary>Makes a subscription the one that the queue delivers to; false while there is another.</summary>
    public bool TryClaim(Subscription subscription)
    {
        lock (_lock)
        {
            if (_owner is not null && _owner != subscription)
                return false;

            Volatile.Write(ref _owner, subscription);
            Refresh();
            return true;
        }
    }

    /// <summary>Opens or closes, as the subscription is held or not.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            Volatile.Write(ref _open, _owner is { IsHeld: false } ? _owner : null);
            if (_next.Task.IsCompleted)
                _next = NewSignal();
            if (_open is not null)
                _next.TrySetResult(_open);
        }
    }

    /// <summary>The queue has no subscription any more.</summary>
    /// <param name="abandon">Whether what waits is to wait no longer, as nobody comes any more.</param>
    public void Vacate(bool abandon)
    {
        lock (_lock)
        {
            Volatile.Write(ref _owner, null);
            Refresh();
            if (abandon)
                _next.TrySetResult(null);
        }
    }

    /// <summary>The endpoint is about to stop: nothing may wait for a next subscription any more.</summary>
    public void Abandon()
    {
        lock (_lock)
            _next.TrySetResult(null);
    }

    /// <summary>The subscription to call, which <see cref="Exit"/> follows; null while messages wait.</summary>
    public Subscription? Enter()
    {
        // Counted before it is looked at: whoever closes the gate then waits for this one, or this one sees it closed.
        _inFlight.Enter();
        if (Volatile.Read(ref _open) is { } subscription)
            return subscription;

        _inFlight.Exit();
        return null;
    }

    public void Exit() => _inFlight.Exit();

    /// <summary>Completes when no callback runs.</summary>
    public Task DrainAsync() => _inFlight.DrainAsync();

    /// <summary>Waits until the gate is open; false when it never will be.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken) =>
        await Volatile.Read(ref _next).Task.WaitAsync(cancellationToken).ConfigureAwait(false) is not null;

    private static TaskCompletionSource<Subscription?> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
