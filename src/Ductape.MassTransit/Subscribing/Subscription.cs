using System.Text.Json;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

internal sealed class Subscription : ISubscription, IReceiver
{
    private readonly Func<Route, Func<ReceivedMessage, Task>> _callbackOn;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly OperatorTrail _trail;
    private readonly SubscriptionFlow _flow;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Lock _lock = new();
    private readonly List<SubscriptionSlot> _slots = [];
    private volatile ReceivingPlace _place;
    private volatile FailureSwitch? _killSwitch;
    private Task? _stopped;

    /// <param name="slot">The slot of its queue.</param>
    /// <param name="route">Where it receives from.</param>
    /// <param name="name">Its own name, or null.</param>
    /// <param name="callbackOn">The callback, with what a route asks to be done before it.</param>
    /// <param name="serializerOptions">How payloads are read.</param>
    /// <param name="trail">Hears who pauses and resumes it.</param>
    /// <param name="logger">The log.</param>
    /// <param name="time">The clock.</param>
    public Subscription(SubscriptionSlot slot, Route route, string? name, Func<Route, Func<ReceivedMessage, Task>> callbackOn,
        JsonSerializerOptions serializerOptions, OperatorTrail trail, ILogger logger, TimeProvider time)
    {
        _callbackOn = callbackOn;
        _trail = trail;
        _logger = logger;
        _time = time;
        _flow = new SubscriptionFlow(StartAsync, HoldAsync);
        _slots.Add(slot);
        _place = PlaceAt(slot, route);
        _killSwitch = KillSwitchOf(route);
        Name = name;
        StartedAt = time.GetUtcNow();
        SerializerOptions = serializerOptions;
        // Whoever wants to know awaits Ready; for the others it is in the log.
        _ = Ready.ContinueWith(static x => x.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
    }

    public string Id { get; } = NewId.NextGuid().ToString("N");

    public string Event => Route.Event;

    public string Env => Route.Env;

    public string ProductTag => Route.ProductTag;

    public string Queue => Slot.Queue;

    public string Connection => Route.Connection.Description;

    /// <summary>The name that it was given beside its product, or null.</summary>
    public string? Name { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>What was delivered to it, wherever it has moved meanwhile.</summary>
    public DeliveryCounts Counts { get; } = new();

    /// <summary>The last start or hold that was asked for.</summary>
    public Task LastStep => _flow.Last;

    public Route Route => _place.Route;

    /// <summary>Where it receives from. After a reload it may be another one.</summary>
    public SubscriptionSlot Slot => _place.Slot;

    public Task Ready => _ready.Task;

    public bool IsPaused => _flow.Reasons.HasFlag(HoldReasons.Paused);

    /// <summary>Whether nothing is delivered to it, on purpose.</summary>
    public bool IsHeld => _flow.Reasons != HoldReasons.None;

    public bool IsStopping => Volatile.Read(ref _stopped) is not null;

    public Func<ReceivedMessage, Task> Callback => _place.Callback;

    public JsonSerializerOptions SerializerOptions { get; }

    /// <summary>The path of the partition key in the payload, where the topic has one.</summary>
    public PartitionKeyPath? PartitionKeyPath => Route.Flow.PartitionKey;

    IReadOnlyDictionary<string, object?>? IReceiver.FindHeaders(ReceiveContext context) => Slot.Bus?.Capabilities.RawHeaders?.FindHeaders(context);

    /// <summary>Null where the topic has none.</summary>
    public FailureSwitch? KillSwitch => _killSwitch;

    /// <summary>Starts in the background; <see cref="Ready"/> tells how it went.</summary>
    public void Begin() => _ = _flow.BeginAsync();

    public Task PauseAsync(CancellationToken cancellationToken) => PauseAsync(null, cancellationToken);

    public async Task PauseAsync(string? who, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfStopped();
        await _trail.RunAsync(AskedFor(OperatorActionKind.Pause, who), () => PauseNowAsync(cancellationToken)).ConfigureAwait(false);
    }

    private async Task PauseNowAsync(CancellationToken cancellationToken)
    {
        var wasPaused = IsPaused;
        try
        {
            await _flow.HoldAsync(HoldReasons.Paused).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Stopped, or resumed again, before it was paused.
            ThrowIfStopped();
            return;
        }

        if (!wasPaused)
            _logger.Paused(ProductTag, Event, Env, Queue);
    }

    public Task ResumeAsync(CancellationToken cancellationToken) => ResumeAsync(null, cancellationToken);

    public async Task ResumeAsync(string? who, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfStopped();
        await _trail.RunAsync(AskedFor(OperatorActionKind.Resume, who), () => ResumeNowAsync(cancellationToken)).ConfigureAwait(false);
    }

    private async Task ResumeNowAsync(CancellationToken cancellationToken)
    {
        var wasPaused = IsPaused;
        KillSwitch?.Reset();
        try
        {
            await _flow.ReleaseAsync(HoldReasons.Paused).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Paused again, or stopped, before it began.
            ThrowIfStopped();
            return;
        }

        if (wasPaused)
            _logger.Resumed(ProductTag, Event, Env, Queue);
    }

    /// <summary>Holds it for the kill switch, or lets it go on.</summary>
    public Task TripAsync(bool tripped) =>
        tripped ? _flow.HoldAsync(HoldReasons.Tripped) : _flow.ReleaseAsync(HoldReasons.Tripped);

    /// <summary>A reload has changed what its route asks, but not where it receives from.</summary>
    public void Update(Route route) => Replace(Slot, route);

    /// <summary>
    /// Receives from another slot too, which it has claimed: until <see cref="LeaveAsync"/> both deliver to it, so that nothing is lost between
    /// them. One that is held gets its queue all the same, for the messages that come meanwhile.
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
        bool wasHeld;
        do
        {
            await slot.StartAsync(route, either.Token).ConfigureAwait(false);
            // Also meanwhile, by which it was not found running yet.
            wasHeld = IsHeld;
            if (wasHeld)
                await slot.HoldAsync(this, either.Token).ConfigureAwait(false);
        }
        // Released meanwhile, by which this slot was not started.
        while (wasHeld && !IsHeld);
    }

    /// <summary>Makes a slot that it has joined the one that it is on.</summary>
    public void MoveTo(SubscriptionSlot slot, Route route)
    {
        Replace(slot, route);
        // Where it was held when it joined and is no longer, nothing has started the new one.
        if (!IsHeld && !IsStopping)
            _ = _flow.BeginAsync();
    }

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

    private OperatorAction AskedFor(OperatorActionKind action, string? who) => new()
    {
        Action = action,
        Target = Queue,
        ProductTag = ProductTag,
        Env = Env,
        Event = Event,
        Details = new Dictionary<string, object?> { ["subscription_id"] = Id },
        Who = who,
        At = _time.GetUtcNow(),
    };

    private void ThrowIfStopped()
    {
        lock (_lock)
        {
            if (_stopped is not null)
                throw new ObjectDisposedException(null, $"The subscription to '{Event}' with the queue {Queue} was stopped. Subscribe again.");
        }
    }

    private async Task StartAsync(CancellationToken held)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(held, _stopping.Token);
        try
        {
            while (!await TryStartAsync(_place, ended.Token).ConfigureAwait(false))
            {
            }

            // Where a reload has left messages in memory.
            foreach (var other in Slots())
                other.Reopen();

            if (_ready.TrySetResult())
                _logger.Subscribed(ProductTag, Event, Env, Queue);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Stopped or held meanwhile.
            throw;
        }
        catch (Exception exception)
        {
            var cause = Route.Connection.Mask.Hide(exception);
            _logger.SubscriptionFailed(ProductTag, Event, Env, cause);
            var error = (exception as DuctapeException)?.During(Event, Env, ProductTag) ?? Route.Error(DuctapeErrorCodes.SubscribeFailed,
                $"{Connection} refused the subscription with the queue {Queue}: {cause.GetBaseException().Reason()}{Remedy(exception)}", cause);
            _ready.TrySetException(error);
            throw error;
        }
    }

    private string Remedy(Exception exception) => Slot.Connection.RemedyFor(exception) is { } remedy ? $". {remedy}" : "";

    private async Task<bool> TryStartAsync(ReceivingPlace place, CancellationToken ended)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, place.Left.Token);
            await place.Slot.StartAsync(place.Route, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (place.Slot != Slot && !ended.IsCancellationRequested)
        {
            // It was moved meanwhile.
            return false;
        }
    }

    private Task HoldAsync() => Task.WhenAll(Slots().Select(x => x.HoldAsync(this, _stopping.Token)));

    private SubscriptionSlot[] Slots()
    {
        lock (_lock)
            return [.. _slots];
    }

    private void Replace(SubscriptionSlot slot, Route route)
    {
        FailureSwitch? killSwitch = null;
        CancellationTokenSource? left = null;
        lock (_lock)
        {
            var before = _place;
            if (_stopped is not null)
                return;

            if (before.Route.Flow.KillSwitch != route.Flow.KillSwitch)
            {
                killSwitch = _killSwitch;
                _killSwitch = KillSwitchOf(route);
            }

            if (before.Slot == slot)
            {
                _place = before with { Route = route, Callback = _callbackOn(route) };
            }
            else
            {
                _place = PlaceAt(slot, route);
                left = before.Left;
            }
        }

        killSwitch?.Stop();
        // Whatever still waits for the place that it has left goes on to the new one.
        left?.Cancel();
    }

    private FailureSwitch? KillSwitchOf(Route route) =>
        route.Flow.KillSwitch is { } killSwitch ? new FailureSwitch(killSwitch, this, _time, _logger) : null;

    private ReceivingPlace PlaceAt(SubscriptionSlot slot, Route route) => new(slot, route, _callbackOn(route), new CancellationTokenSource());

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        KillSwitch?.Stop();
        await _flow.Last.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ready.TrySetCanceled();
        await Task.WhenAll(Slots().Select(x => x.ReleaseAsync(this, cancellationToken))).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested && Slot.HoldsInside)
            _logger.CallbacksLeft(ProductTag, Event, Env, Queue);
        else if (cancellationToken.IsCancellationRequested)
            _logger.CallbacksAbandoned(ProductTag, Event, Env, Queue);
        else
            _logger.Unsubscribed(ProductTag, Event, Env, Queue);
    }

    /// <param name="Slot">The queue.</param>
    /// <param name="Route">Where it receives from.</param>
    /// <param name="Callback">What is called.</param>
    /// <param name="Left">Cancelled when it is another place.</param>
    private sealed record ReceivingPlace(SubscriptionSlot Slot, Route Route, Func<ReceivedMessage, Task> Callback, CancellationTokenSource Left);
}
