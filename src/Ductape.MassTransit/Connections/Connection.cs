using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Connections;

/// <summary>
/// One running bus, shared by every route with the same transport and settings. Starts on first use, in the
/// background; a loss is noticed and connected again until it is stopped.
/// </summary>
internal sealed class Connection(BusFactory factory, IConnectionQueues queues, ILogger<Connection> logger, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly LiveBus _live = new(time);
    private volatile bool _retired;
    private TransportBus? _bus;
    private Task? _supervision;
    private volatile ReceivingConnection? _receiving;

    /// <summary>The broker in words, without secrets.</summary>
    public string Description => factory.Description;

    public string TransportType => factory.TransportType;

    /// <summary>Hides the secrets of its settings in what the broker's client says.</summary>
    public SecretMask Mask => factory.Mask;

    public TimeProvider Time => time;

    public ConnectionState State => _live.State;

    /// <summary>What is known of the connection for receiving; null where it is this one, or not in use.</summary>
    public ConnectionState? Receiving => _receiving?.State;

    public bool IsConnected => _live.Current is not null;

    /// <summary>Why the broker takes no publishes although it is connected, or null.</summary>
    public string? Blocked => _live.Current?.Capabilities.Blockable?.Blocked;

    /// <summary>What does not work although the broker is connected.</summary>
    public IReadOnlyCollection<string> Troubles => _bus?.Troubles.Current ?? [];

    /// <summary>The publishes that wait for the connection or for the broker's confirmation.</summary>
    public WaitingPublishes Publishes { get; } = new(time);

    /// <summary>The topics that are published or subscribed to over it.</summary>
    public ConnectionTopics Topics { get; } = new();

    public bool IsStopped => State.Status == ConnectionStatus.Stopped;

    /// <summary>
    /// Whether a reload has put another connection in its place: whoever finds it stopped then looks for that one.
    /// </summary>
    public bool IsRetired => _retired;

    /// <summary>
    /// Whether another bus could take over: not where the bus itself holds the messages or is the application's.
    /// False also while there is no bus that would have to be replaced.
    /// </summary>
    public bool CanBeReplaced => _bus is { } bus && !bus.Traits.HasFlag(BusTraits.HoldsMessages);

    public bool HoldsMessages => _bus is { } bus && bus.Traits.HasFlag(BusTraits.HoldsMessages);

    /// <summary>What to do about a refusal of the broker, or null.</summary>
    public string? RemedyFor(Exception exception) => _bus?.Capabilities.Refusals?.RemedyFor(exception);

    /// <summary>Completes when the broker was reached for the first time, or the first attempt failed.</summary>
    public Task FirstAttempt
    {
        get
        {
            EnsureStarted();
            return _live.FirstAttempt;
        }
    }

    /// <summary>The bus, as soon as the broker is connected: at once, and without allocating, while it is.</summary>
    /// <exception cref="ObjectDisposedException">The connection was stopped.</exception>
    public ValueTask<TransportBus> GetBusAsync(CancellationToken cancellationToken)
    {
        if (_live.Current is { } live)
            return new ValueTask<TransportBus>(live);

        EnsureStarted();
        return new ValueTask<TransportBus>(_live.Connected.WaitAsync(cancellationToken));
    }

    /// <summary>The bus, as soon as it can receive.</summary>
    /// <exception cref="ObjectDisposedException">The connection was stopped.</exception>
    public async Task<TransportBus> GetReceiverAsync(CancellationToken cancellationToken)
    {
        // The first connection starts the bus. Without the one for publishing there is none to move what fails by.
        var bus = _receiving is null ? await GetBusAsync(cancellationToken).ConfigureAwait(false) : _bus!;
        if (bus.Capabilities.ReceiveConnection is not { } receiving)
            return bus;

        Task connected;
        lock (_lock)
        {
            if (IsStopped)
                throw Stopped();
            _receiving ??= new ReceivingConnection(receiving, Description, Mask, RestartQueues, logger, time, _stopping.Token);
            connected = _receiving.ConnectedAsync();
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await connected.WaitAsync(either.Token).ConfigureAwait(false);
        return bus;
    }

    /// <summary>Whether publishes do not wait any more: the application stops while the broker is blocked.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>The application is about to stop: gives up publishes that a blocked broker does not confirm.</summary>
    public Task GiveUpBlockedAsync()
    {
        if (_live.Current?.Capabilities.Blockable is not { Blocked: not null } blocked)
            return Task.CompletedTask;

        HasGivenUp = true;
        return blocked.GiveUpBlockedAsync();
    }

    /// <summary>Declares a topic once more as a reload has it, for a bus that cannot be replaced.</summary>
    public void DeclareAgain(IConnectionTopic topic)
    {
        lock (_lock)
        {
            if (_bus is not null && !IsStopped)
                Topics.DeclareAgain(_bus, topic);
        }
    }

    /// <summary>Stops it when the publishes in flight are through; its subscriptions have moved on before.</summary>
    public Task RetireAsync(CancellationToken cancellationToken)
    {
        _retired = true;
        return StopAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task? supervision;
        lock (_lock)
        {
            if (!_live.TrySetStopped(Stopped()))
                return;

            supervision = _supervision;
        }

        foreach (var queue in queues.Of(this))
            queue.Abandon();
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (supervision is not null)
            await supervision.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_receiving is { } receiving)
            await receiving.Ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_bus is null)
            return;

        if (_retired)
            await Publishes.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            // Not every transport looks at the token while a callback runs.
            await _bus.StopAsync(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Callbacks that did not end in time; their subscriptions have said so.
        }
    }

    // Without the name of an object, which .NET would write behind it.
    private ObjectDisposedException Stopped() =>
        new(null, $"{Description} was stopped with its host or service provider, and is not connected to any more");

    private void EnsureStarted()
    {
        if (_supervision is not null)
            return;

        lock (_lock)
        {
            if (IsStopped)
                throw Stopped();
            if (_supervision is not null)
                return;

            _live.SetConnecting();
            _supervision = Task.Run(SuperviseAsync);
        }
    }

    private Task SuperviseAsync()
    {
        var connectedBefore = false;
        return new ConnectionLoop(time).RunAsync(ConnectAsync, OnConnected, OnDisconnected, _stopping.Token);

        void OnConnected()
        {
            if (_live.TrySetConnected(_bus!))
                logger.Connected(Description);
            if (connectedBefore && _bus!.Capabilities.ReceiveConnection is null)
                RestartQueues();
            connectedBefore = true;
        }
    }

    private async Task<Task<string>> ConnectAsync()
    {
        var bus = _bus ??= await factory.CreateAsync(_stopping.Token).ConfigureAwait(false);
        return await bus.ConnectAsync(_stopping.Token).ConfigureAwait(false);
    }

    private void OnDisconnected(Exception cause)
    {
        var error = Mask.Hide(cause);
        if (_live.SetDisconnected(error) is not var (before, now))
            return;

        Topics.ForgetPrepared();
        if (before.Status != ConnectionStatus.Disconnected || before.Reason != now.Reason)
            logger.Disconnected(Description, now.Reason!, error);
    }

    // Not awaited: an endpoint waits for its callbacks in flight, and the next loss must be noticed meanwhile.
    private void RestartQueues() => _ = Task.WhenAll(queues.Of(this).Select(RestartAsync));

    private async Task RestartAsync(IConnectionQueue queue)
    {
        try
        {
            await queue.RestartAsync().WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The endpoint goes on trying by itself, and the health check tells.
            if (!_stopping.IsCancellationRequested)
                logger.RestartFailed(queue.Queue, Description, Mask.Hide(exception));
        }
    }
}
