using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit;

internal sealed class Subscription : ISubscription
{
    private readonly Func<Route, Func<ReceivedMessage, Task>> _callbackOn;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Lock _lock = new();
    private readonly List<SubscriptionSlot> _slots = [];
    private volatile Place _place;
    private Task? _stopped;

    /// <param name="slot">The slot of its queue.</param>
    /// <param name="route">Where it receives from.</param>
    /// <param name="name">Its own name, or null.</param>
    /// <param name="callbackOn">The callback, with what a route asks to be done before it.</param>
    /// <param name="serializerOptions">How payloads are read.</param>
    /// <param name="logger">The log.</param>
    public Subscription(SubscriptionSlot slot, Route route, string? name, Func<Route, Func<ReceivedMessage, Task>> callbackOn,
        JsonSerializerOptions serializerOptions, ILogger logger)
    {
        _callbackOn = callbackOn;
        _logger = logger;
        _slots.Add(slot);
        _place = PlaceAt(slot, route);
        Name = name;
        SerializerOptions = serializerOptions;
    }

    public string Id { get; } = NewId.NextGuid().ToString("N");

    public string Event => Route.Event;

    public string Env => Route.Env;

    public string ProductTag => Route.ProductTag;

    public string Queue => Slot.Queue;

    public string Connection => Route.Connection.Description;

    /// <summary>The name that it was given beside its product, or null.</summary>
    public string? Name { get; }

    public Route Route => _place.Route;

    /// <summary>Where it receives from. After a reload it may be another one.</summary>
    public SubscriptionSlot Slot => _place.Slot;

    public bool IsStopping => Volatile.Read(ref _stopped) is not null;

    public Task Ready { get; private set; } = Task.CompletedTask;

    public Func<ReceivedMessage, Task> Callback => _place.Callback;

    public JsonSerializerOptions SerializerOptions { get; }

    /// <summary>Starts in the background; <see cref="Ready"/> tells how it went.</summary>
    public void Begin()
    {
        Ready = RunAsync();
        // Whoever wants to know awaits Ready; for the others it is in the log.
        _ = Ready.ContinueWith(static x => x.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
    }

    /// <summary>A reload has changed what its route asks, but not where it receives from.</summary>
    public void Update(Route route) => Replace(Slot, route);

    /// <summary>
    /// Receives from another slot too, which it has claimed: until <see cref="LeaveAsync"/> both deliver to it, so that nothing is lost between
    /// them.
    /// </summary>
    /// <exception cref="Exception">The broker refuses the queue.</exception>
    public async Task JoinAsync(SubscriptionSlot slot, Route route, CancellationToken cancellationToken)
    {
        bool stopping;
        lock (_lock)
        {
            stopping = _stopped is not null;
            if (!stopping && !_slots.Contains(slot))
                _slots.Add(slot);
        }

        if (stopping)
        {
            await slot.ReleaseAsync(this, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await slot.StartAsync(route, either.Token).ConfigureAwait(false);
    }

    /// <summary>Makes a slot that it has joined the one that it is on.</summary>
    public void MoveTo(SubscriptionSlot slot, Route route) => Replace(slot, route);

    /// <summary>Receives no more from a slot that it was on, or had joined, and waits for the callbacks in flight.</summary>
    public async Task LeaveAsync(SubscriptionSlot slot, CancellationToken cancellationToken)
    {
        lock (_lock)
            _slots.Remove(slot);
        await slot.ReleaseAsync(this, cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Whoever asks first: the wait ends for all when any of them gives up.
        await using var registration = cancellationToken.UnsafeRegister(static x => ((CancellationTokenSource)x!).Cancel(), _abandoned);
        Task stopped;
        lock (_lock)
            stopped = _stopped ??= StopOnceAsync(_abandoned.Token);
        await stopped.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    private async Task RunAsync()
    {
        try
        {
            while (!await TryStartAsync(_place).ConfigureAwait(false))
            {
            }

            _logger.Subscribed(ProductTag, Event, Env, Queue);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _logger.SubscriptionFailed(ProductTag, Event, Env, exception);
            throw (exception as DuctapeException)?.During(Event, Env, ProductTag) ?? Route.Error(DuctapeErrorCodes.SubscribeFailed,
                $"{Connection} refused the subscription with the queue {Queue}: {exception.GetBaseException().Message}", exception);
        }
    }

    private async Task<bool> TryStartAsync(Place place)
    {
        try
        {
            await place.Slot.StartAsync(place.Route, place.Starting.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (place.Slot != Slot && !_stopping.IsCancellationRequested)
        {
            // It was moved meanwhile.
            return false;
        }
    }

    private void Replace(SubscriptionSlot slot, Route route)
    {
        CancellationTokenSource? left = null;
        lock (_lock)
        {
            var before = _place;
            if (_stopped is not null)
                return;

            if (before.Slot == slot)
            {
                _place = before with { Route = route, Callback = _callbackOn(route) };
                return;
            }

            _place = PlaceAt(slot, route);
            left = before.Starting;
        }

        // Whatever still waits for the place that it has left goes on to the new one.
        left.Cancel();
        left.Dispose();
    }

    private Place PlaceAt(SubscriptionSlot slot, Route route) =>
        new(slot, route, _callbackOn(route), CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token));

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Ready.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        SubscriptionSlot[] slots;
        lock (_lock)
            slots = [.. _slots];
        await Task.WhenAll(slots.Select(x => x.ReleaseAsync(this, cancellationToken))).ConfigureAwait(false);
        _place.Starting.Dispose();
        if (cancellationToken.IsCancellationRequested)
            _logger.CallbacksAbandoned(ProductTag, Event, Env, Queue);
        else
            _logger.Unsubscribed(ProductTag, Event, Env, Queue);
    }

    private sealed record Place(
        SubscriptionSlot Slot, Route Route, Func<ReceivedMessage, Task> Callback, CancellationTokenSource Starting);
}
