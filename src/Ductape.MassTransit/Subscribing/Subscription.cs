using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit;

internal sealed class Subscription : ISubscription
{
    private readonly SubscriptionSlot _slot;
    private readonly Route _route;
    private readonly ILogger _logger;
    private readonly SubscriptionFlow _flow;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Lock _lock = new();
    private Task? _stopped;

    public Subscription(SubscriptionSlot slot, Route route, Func<ReceivedMessage, Task> callback, JsonSerializerOptions serializerOptions,
        ILogger logger, TimeProvider time)
    {
        _slot = slot;
        _route = route;
        _logger = logger;
        _flow = new SubscriptionFlow(StartAsync, () => _slot.HoldAsync(this, _stopping.Token));
        Callback = callback;
        SerializerOptions = serializerOptions;
        if (route.Flow.KillSwitch is { } killSwitch)
            KillSwitch = new KillSwitch(killSwitch, this, time, logger);
        // Whoever wants to know awaits Ready; for the others it is in the log.
        _ = Ready.ContinueWith(static x => x.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
    }

    public string Id { get; } = NewId.NextGuid().ToString("N");

    public string Event => _route.Event;

    public string Env => _route.Env;

    public string ProductTag => _route.ProductTag;

    public string Queue => _slot.Queue;

    public string Connection => _route.Connection.Description;

    public Task Ready => _ready.Task;

    public bool IsPaused => _flow.Reasons.HasFlag(HoldReasons.Paused);

    /// <summary>Whether nothing is delivered to it, on purpose.</summary>
    public bool IsHeld => _flow.Reasons != HoldReasons.None;

    public Func<ReceivedMessage, Task> Callback { get; }

    public JsonSerializerOptions SerializerOptions { get; }

    /// <summary>The path of the partition key in the payload, where the topic has one.</summary>
    public PartitionKeyPath? PartitionKeyPath => _route.Flow.PartitionKey;

    /// <summary>Null where the topic has none.</summary>
    public KillSwitch? KillSwitch { get; }

    /// <summary>Starts in the background; <see cref="Ready"/> tells how it went.</summary>
    public void Begin() => _ = _flow.BeginAsync();

    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfStopped();
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

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfStopped();
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

    private void ThrowIfStopped()
    {
        lock (_lock)
        {
            if (_stopped is not null)
                throw new ObjectDisposedException(nameof(ISubscription), $"The subscription to '{Event}' with the queue {Queue} was stopped. Subscribe again.");
        }
    }

    private async Task StartAsync(CancellationToken held)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(held, _stopping.Token);
        try
        {
            await _slot.StartAsync(_route, ended.Token).ConfigureAwait(false);
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
            _logger.SubscriptionFailed(ProductTag, Event, Env, exception);
            var error = (exception as DuctapeException)?.During(Event, Env, ProductTag) ?? _route.Error(DuctapeErrorCodes.SubscribeFailed,
                $"{Connection} refused the subscription with the queue {Queue}: {exception.GetBaseException().Message}", exception);
            _ready.TrySetException(error);
            throw error;
        }
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        KillSwitch?.Stop();
        await _flow.Last.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ready.TrySetCanceled();
        await _slot.ReleaseAsync(this, cancellationToken).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
            _logger.CallbacksAbandoned(ProductTag, Event, Env, Queue);
        else
            _logger.Unsubscribed(ProductTag, Event, Env, Queue);
    }
}
