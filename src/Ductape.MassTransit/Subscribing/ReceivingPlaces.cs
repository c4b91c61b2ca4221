using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// The place where a subscription receives, and the slots that deliver to it besides, while it moves or after that.
/// Thread-safe.
/// </summary>
internal sealed class ReceivingPlaces
{
    private readonly Subscription _subscription;
    private readonly Func<Route, Func<ReceivedMessage, Task>> _callbackOn;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly Lock _lock = new();
    private readonly List<SubscriptionSlot> _slots = [];
    private volatile ReceivingPlace _current;
    private bool _isClosed;

    /// <param name="subscription">Whose places they are.</param>
    /// <param name="slot">The slot that it has claimed.</param>
    /// <param name="route">The route that leads there.</param>
    /// <param name="callbackOn">The callback, with what a route asks to be done before it.</param>
    /// <param name="logger">The log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">The subscription stops.</param>
    public ReceivingPlaces(Subscription subscription, SubscriptionSlot slot, Route route, Func<Route, Func<ReceivedMessage, Task>> callbackOn,
        ILogger logger, TimeProvider time, CancellationToken stopping)
    {
        _subscription = subscription;
        _callbackOn = callbackOn;
        _logger = logger;
        _time = time;
        _stopping = stopping;
        _slots.Add(slot);
        _current = PlaceAt(slot, route, KillSwitchOf(route));
    }

    /// <summary>Where it receives from. After a reload it may be another place.</summary>
    public ReceivingPlace Current => _current;

    /// <summary>
    /// Starts the place where it is, and waits until that receives; where it is moved meanwhile, the one that it is
    /// moved to.
    /// </summary>
    /// <exception cref="Exception">The broker refuses the queue.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        while (!await TryStartAsync(_current, cancellationToken).ConfigureAwait(false))
        {
        }

        // Where a reload has left messages in memory.
        foreach (var slot in Slots())
            slot.Reopen();
    }

    /// <summary>Stops delivering at every place, and waits for the callbacks in flight.</summary>
    public Task HoldAsync() => Task.WhenAll(Slots().Select(x => x.HoldAsync(_subscription, _stopping)));

    /// <summary>A reload has changed what its route asks, but not where it receives from.</summary>
    public void Update(Route route) => TryReplace(_current.Slot, route);

    /// <summary>
    /// Receives from another slot too, which the subscription has claimed: until <see cref="LeaveAsync"/> both
    /// deliver to it, so that nothing is lost between them. One that is held gets its queue all the same, for the
    /// messages that come meanwhile.
    /// </summary>
    /// <exception cref="Exception">The broker refuses the queue.</exception>
    public async Task JoinAsync(SubscriptionSlot slot, Route route, CancellationToken cancellationToken)
    {
        if (!TryAdd(slot))
        {
            await slot.ReleaseAsync(_subscription, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        bool wasHeld;
        do
        {
            await slot.StartAsync(route, either.Token).ConfigureAwait(false);
            // Also meanwhile, by which it was not found running yet.
            wasHeld = _subscription.IsHeld;
            if (wasHeld)
                await slot.HoldAsync(_subscription, either.Token).ConfigureAwait(false);
        }
        // Released meanwhile, by which this slot was not started.
        while (wasHeld && !_subscription.IsHeld);
    }

    /// <summary>Makes a slot that it has joined the place where it is.</summary>
    public void MoveTo(SubscriptionSlot slot, Route route)
    {
        // Where it was held when it joined and is no longer, nothing has started the new one.
        if (TryReplace(slot, route) && _subscription is { IsHeld: false, IsStopping: false })
            _subscription.Begin();
    }

    /// <summary>
    /// Receives no more from a slot that it was on, or had joined, and waits for the callbacks in flight.
    /// </summary>
    public async Task LeaveAsync(SubscriptionSlot slot, CancellationToken cancellationToken)
    {
        lock (_lock)
            _slots.Remove(slot);
        await slot.ReleaseAsync(_subscription, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The subscription is about to stop: it goes nowhere else any more.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
    }

    /// <summary>Receives no more from any slot, and waits for the callbacks in flight.</summary>
    public Task LeaveAllAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Slots().Select(x => x.ReleaseAsync(_subscription, cancellationToken)));

    private async Task<bool> TryStartAsync(ReceivingPlace place, CancellationToken cancellationToken)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, place.Moved.Token);
            await place.Slot.StartAsync(place.Route, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (place.Slot != _current.Slot && !cancellationToken.IsCancellationRequested)
        {
            // It was moved meanwhile.
            return false;
        }
    }

    private bool TryAdd(SubscriptionSlot slot)
    {
        lock (_lock)
        {
            if (!_isClosed && !_slots.Contains(slot))
                _slots.Add(slot);
            return !_isClosed;
        }
    }

    private bool TryReplace(SubscriptionSlot slot, Route route)
    {
        ReceivingPlace before;
        ReceivingPlace now;
        lock (_lock)
        {
            if (_isClosed)
                return false;

            before = _current;
            var killSwitch = before.Route.Flow.KillSwitch == route.Flow.KillSwitch ? before.KillSwitch : KillSwitchOf(route);
            now = before.Slot == slot
                ? before with { Route = route, Callback = _callbackOn(route), KillSwitch = killSwitch }
                : PlaceAt(slot, route, killSwitch);
            _current = now;
        }

        if (now.KillSwitch != before.KillSwitch)
            before.KillSwitch?.Stop();
        // Whatever still waits for the place that it has left goes on to the new one.
        if (now.Moved != before.Moved)
            before.Moved.Cancel();
        return true;
    }

    private SubscriptionSlot[] Slots()
    {
        lock (_lock)
            return [.. _slots];
    }

    private ReceivingPlace PlaceAt(SubscriptionSlot slot, Route route, SubscriptionKillSwitch? killSwitch) =>
        new(slot, route, _callbackOn(route), killSwitch, new CancellationTokenSource());

    private SubscriptionKillSwitch? KillSwitchOf(Route route) =>
        route.Flow.KillSwitch is { } killSwitch ? new SubscriptionKillSwitch(killSwitch, _subscription, _time, _logger) : null;
}
