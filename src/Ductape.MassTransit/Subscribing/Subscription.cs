using System.Text.Json;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>A subscription of the application, from its start to its stop. Thread-safe.</summary>
internal sealed class Subscription : ISubscription, IReceiver
{
    private readonly ILogger _logger;
    private readonly SubscriptionHolds _holds;
    private readonly ManualPause _pause;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Lock _lock = new();
    private Task? _stopped;

    /// <param name="slot">The slot of its queue.</param>
    /// <param name="route">Where it receives from.</param>
    /// <param name="name">Its own name, or null.</param>
    /// <param name="callbackOn">The callback, with what a route asks to be done before it.</param>
    /// <param name="trail">Hears who pauses and resumes it.</param>
    /// <param name="logger">The log.</param>
    /// <param name="time">The clock.</param>
    public Subscription(SubscriptionSlot slot, Route route, string? name, Func<Route, Func<ReceivedMessage, Task>> callbackOn,
        OperatorTrail trail, ILogger logger, TimeProvider time)
    {
        _logger = logger;
        Places = new ReceivingPlaces(this, slot, route, callbackOn, logger, time, _stopping.Token);
        _holds = new SubscriptionHolds(StartAsync, Places.HoldAsync);
        _pause = new ManualPause(this, _holds, trail, logger, time);
        Name = name;
        StartedAt = time.GetUtcNow();
        SerializerOptions = route.SerializerOptions;
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

    /// <summary>Where it receives from, and the way from there to another place.</summary>
    public ReceivingPlaces Places { get; }

    public Route Route => Places.Current.Route;

    public SubscriptionSlot Slot => Places.Current.Slot;

    public Func<ReceivedMessage, Task> Callback => Places.Current.Callback;

    /// <summary>Null where the topic has none.</summary>
    public SubscriptionKillSwitch? KillSwitch => Places.Current.KillSwitch;

    /// <summary>The last start or hold that was asked for.</summary>
    public Task LastStep => _holds.Last;

    public Task Ready => _ready.Task;

    public bool IsPaused => _holds.Reasons.HasFlag(HoldReasons.Paused);

    /// <summary>Whether nothing is delivered to it, on purpose.</summary>
    public bool IsHeld => _holds.Reasons != HoldReasons.None;

    public bool IsStopping => Volatile.Read(ref _stopped) is not null;

    public JsonSerializerOptions SerializerOptions { get; }

    /// <summary>The path of the partition key in the payload, where the topic has one.</summary>
    public PartitionKeyPath? PartitionKeyPath => Route.Flow.PartitionKey;

    IReadOnlyDictionary<string, object?>? IReceiver.FindHeaders(ReceiveContext context) => Slot.Bus?.Capabilities.RawHeaders?.FindHeaders(context);

    /// <summary>Starts in the background; <see cref="Ready"/> tells how it went.</summary>
    public void Begin() => _ = _holds.BeginAsync();

    public Task PauseAsync(CancellationToken cancellationToken) => PauseAsync(null, cancellationToken);

    public Task PauseAsync(string? who, CancellationToken cancellationToken) => _pause.PauseAsync(who, cancellationToken);

    public Task ResumeAsync(CancellationToken cancellationToken) => ResumeAsync(null, cancellationToken);

    public Task ResumeAsync(string? who, CancellationToken cancellationToken) => _pause.ResumeAsync(who, cancellationToken);

    /// <summary>Holds it for the kill switch, or lets it go on.</summary>
    public Task TripAsync(bool tripped) =>
        tripped ? _holds.HoldAsync(HoldReasons.Tripped) : _holds.ReleaseAsync(HoldReasons.Tripped);

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

    /// <exception cref="ObjectDisposedException">It was stopped, or is about to.</exception>
    public void ThrowIfStopped()
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
            await Places.StartAsync(ended.Token).ConfigureAwait(false);
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

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        Places.Close();
        await _stopping.CancelAsync().ConfigureAwait(false);
        KillSwitch?.Stop();
        await _holds.Last.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ready.TrySetCanceled();
        await Places.LeaveAllAsync(cancellationToken).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested && Slot.HoldsInside)
            _logger.CallbacksLeft(ProductTag, Event, Env, Queue);
        else if (cancellationToken.IsCancellationRequested)
            _logger.CallbacksAbandoned(ProductTag, Event, Env, Queue);
        else
            _logger.Unsubscribed(ProductTag, Event, Env, Queue);
    }
}
