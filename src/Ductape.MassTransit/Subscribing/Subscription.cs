using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit;

internal sealed class Subscription : ISubscription
{
    private readonly SubscriptionSlot _slot;
    private readonly Route _route;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Lock _lock = new();
    private Task? _stopped;

    public Subscription(
        SubscriptionSlot slot, Route route, Func<ReceivedMessage, Task> callback, JsonSerializerOptions serializerOptions, ILogger logger)
    {
        _slot = slot;
        _route = route;
        _logger = logger;
        Callback = callback;
        SerializerOptions = serializerOptions;
    }

    public string Id { get; } = NewId.NextGuid().ToString("N");

    public string Event => _route.Event;

    public string Env => _route.Env;

    public string ProductTag => _route.ProductTag;

    public string Queue => _slot.Queue;

    public string Connection => _route.Connection.Description;

    public Task Ready { get; private set; } = Task.CompletedTask;

    public Func<ReceivedMessage, Task> Callback { get; }

    public JsonSerializerOptions SerializerOptions { get; }

    /// <summary>Starts in the background; <see cref="Ready"/> tells how it went.</summary>
    public void Begin()
    {
        Ready = RunAsync();
        // Whoever wants to know awaits Ready; for the others it is in the log.
        _ = Ready.ContinueWith(static x => x.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
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
            await _slot.StartAsync(_route, _stopping.Token).ConfigureAwait(false);
            _logger.Subscribed(ProductTag, Event, Env, Queue);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _logger.SubscriptionFailed(ProductTag, Event, Env, exception);
            throw (exception as DuctapeException)?.During(Event, Env, ProductTag) ?? _route.Error(DuctapeErrorCodes.SubscribeFailed,
                $"{Connection} refused the subscription with the queue {Queue}: {exception.GetBaseException().Message}", exception);
        }
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Ready.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _slot.ReleaseAsync(this, cancellationToken).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
            _logger.CallbacksAbandoned(ProductTag, Event, Env, Queue);
        else
            _logger.Unsubscribed(ProductTag, Event, Env, Queue);
    }
}
