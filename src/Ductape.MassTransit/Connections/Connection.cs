using System.Collections.Concurrent;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Schemas;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.Subscribing;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;
using MassTransit.Logging;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Connections;

/// <summary>
/// One running bus, shared by every route with the same transport and settings. Starts on first use, in the background; a loss is
/// noticed and connected again until it is stopped.
/// </summary>
internal sealed class Connection(
    IBrokerTransport transport,
    TransportSettings settings,
    string settingsPath,
    SecretReferences secrets,
    ILoggerFactory loggers,
    ILogger<Connection> logger,
    TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, IConnectionQueue> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TopicContract, IConnectionTopic> _declared = new();
    private volatile bool _retired;
    private volatile ConcurrentDictionary<TopicContract, bool> _prepared = new();
    private readonly ConcurrentDictionary<TopicContract, SemaphoreSlim> _preparing = new();
    private TaskCompletionSource<TransportBus> _connected = NewSignal();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TransportBus? _live;
    private TransportBus? _bus;
    private Task? _supervision;
    private volatile ReceivingConnection? _receiving;
    private ConnectionState _state = new(ConnectionStatus.NotInUse, time.GetUtcNow());

    /// <summary>The broker in words, without secrets.</summary>
    public string Description { get; } = $"{transport.Type} ({transport.Describe(settings)})";

    public string TransportType => transport.Type;

    /// <summary>Hides the secrets of its settings in what the broker's client says.</summary>
    public SecretMask Mask => secrets.Mask;

    public TimeProvider Time => time;

    public ConnectionState State => Volatile.Read(ref _state);

    /// <summary>What is known of the connection for receiving, where that is one of its own and in use; null otherwise.</summary>
    public ConnectionState? Receiving => _receiving?.State;

    public bool IsConnected => _live is not null;

    /// <summary>Why the broker takes no publishes although it is connected, or null.</summary>
    public string? Blocked => _live?.Blocked;

    /// <summary>What does not work although the broker is connected.</summary>
    public IReadOnlyCollection<string> Troubles => _bus?.Troubles.Current ?? [];

    /// <summary>The publishes that wait for the connection or for the broker's confirmation.</summary>
    public WaitingPublishes Publishes { get; } = new(time);

    public bool IsStopped => State.Status == ConnectionStatus.Stopped;

    /// <summary>Whether a reload has put another connection in its place: whoever finds it stopped then looks for that one.</summary>
    public bool IsRetired => _retired;

    /// <summary>
    /// Whether another bus could take over: not where the bus itself holds the messages or is the application's. False also while there is no
    /// bus that would have to be replaced.
    /// </summary>
    public bool CanBeReplaced => _bus is { HoldsMessages: false };

    public bool HoldsMessages => _bus is { HoldsMessages: true };

    /// <summary>The topics that were declared, as they were then.</summary>
    public ICollection<IConnectionTopic> Declared => _declared.Values;

    /// <summary>The queues that this process receives from over this connection, or did, by name.</summary>
    public ConcurrentDictionary<string, IConnectionQueue> Queues => _queues;

    /// <summary>What to do about a refusal of the broker, or null.</summary>
    public string? RemedyFor(Exception exception) => _bus?.RemedyFor(exception);

    /// <summary>Completes when the broker was reached for the first time, or the first attempt failed.</summary>
    public Task FirstAttempt
    {
        get
        {
            EnsureStarted();
            return _firstAttempt.Task;
        }
    }

    /// <summary>The bus, as soon as the broker is connected. Completes at once, without allocating, while it is.</summary>
    /// <exception cref="ObjectDisposedException">The connection was stopped.</exception>
    public ValueTask<TransportBus> GetBusAsync(CancellationToken cancellationToken)
    {
        if (_live is { } live)
            return new ValueTask<TransportBus>(live);

        EnsureStarted();
        return new ValueTask<TransportBus>(Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken));
    }

    /// <summary>The bus, as soon as it can receive.</summary>
    /// <exception cref="ObjectDisposedException">The connection was stopped.</exception>
    public async Task<TransportBus> GetReceiverAsync(CancellationToken cancellationToken)
    {
        // The first connection starts the bus. Without the one for publishing there is none to move what fails by.
        var bus = _receiving is null ? await GetBusAsync(cancellationToken).ConfigureAwait(false) : _bus!;
        if (!bus.ReceivesApart)
            return bus;

        Task connected;
        lock (_lock)
        {
            if (IsStopped)
                throw Stopped();
            _receiving ??= new ReceivingConnection(bus, time, Mask.Hide, TellReceiving, RestartQueues, _stopping.Token);
            connected = _receiving.ConnectedAsync();
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await connected.WaitAsync(either.Token).ConfigureAwait(false);
        return bus;
    }

    /// <summary>Whether publishes do not wait any more, since the application stops while the broker is blocked.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>The application is about to stop: gives up the publishes that a blocked broker does not confirm.</summary>
    public Task GiveUpBlockedAsync()
    {
        if (Blocked is null)
            return Task.CompletedTask;

        HasGivenUp = true;
        return _bus!.GiveUpBlockedAsync();
    }

    /// <summary>Lets the transport declare the topic, once, and prepare it once per connection. Completes at once when that is done.</summary>
    public ValueTask DeclareAsync(TransportBus bus, IConnectionTopic topic, CancellationToken cancellationToken) =>
        _prepared.ContainsKey(topic.Contract) ? default : new ValueTask(PrepareAsync(bus, topic, cancellationToken));

    private async Task PrepareAsync(TransportBus bus, IConnectionTopic topic, CancellationToken cancellationToken)
    {
        // Two callers at once must not both declare, and neither may go on before it is done. Other topics do not wait.
        var preparing = _preparing.GetOrAdd(topic.Contract, static _ => new SemaphoreSlim(1, 1));
        await preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var prepared = _prepared;
            if (prepared.ContainsKey(topic.Contract))
                return;

            lock (_lock)
            {
                if (_declared.TryAdd(topic.Contract, topic))
                    bus.DeclareTopic(topic.Topology);
            }

            await bus.PrepareTopicAsync(topic.Topology, cancellationToken).ConfigureAwait(false);
            prepared[topic.Contract] = true;
        }
        finally
        {
            preparing.Release();
        }
    }

    /// <summary>Declares a topic once more as a reload has it, for a bus that cannot be replaced.</summary>
    public void DeclareAgain(IConnectionTopic topic)
    {
        lock (_lock)
        {
            if (_bus is null || IsStopped)
                return;

            _bus.DeclareTopic(topic.Topology);
            _declared[topic.Contract] = topic;
            _prepared.TryRemove(topic.Contract, out _);
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
            if (IsStopped)
                return;

            supervision = _supervision;
            SetState(ConnectionStatus.Stopped);
            _live = null;
            // A publish that was counted before this is waited for; one that is counted after it finds no bus.
            Interlocked.MemoryBarrier();
            // Whoever waits for the connection learns it now, whoever asks for it later too.
            var stopped = Stopped();
            if (!_connected.TrySetException(stopped))
            {
                _connected = NewSignal();
                _connected.SetException(stopped);
            }

            _ = _connected.Task.Exception;
            _firstAttempt.TrySetResult();
        }

        foreach (var queue in _queues.Values)
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

            SetState(ConnectionStatus.Connecting);
            _supervision = Task.Run(SuperviseAsync);
        }
    }

    private Task SuperviseAsync()
    {
        var connectedBefore = false;
        return new ConnectionLoop(time).RunAsync(ConnectAsync, OnConnected, SetDisconnected, _stopping.Token);

        void OnConnected()
        {
            SetConnected(_bus!);
            if (connectedBefore && !_bus!.ReceivesApart)
                RestartQueues();
            connectedBefore = true;
        }
    }

    private async Task<Task<string>> ConnectAsync()
    {
        var bus = _bus ??= await CreateBusAsync().ConfigureAwait(false);
        return await bus.ConnectAsync(_stopping.Token).ConfigureAwait(false);
    }

    // Not awaited: an endpoint waits for its callbacks in flight, and the next loss must be noticed meanwhile.
    private void RestartQueues() => _ = Task.WhenAll(_queues.Values.Select(RestartAsync));

    private void TellReceiving(ConnectionState? before, ConnectionState now)
    {
        if (now.Status == ConnectionStatus.Connected)
            logger.Receiving(Description);
        else if (now.Status == ConnectionStatus.Disconnected && (before?.Status != now.Status || before.Reason != now.Reason))
            logger.NotReceiving(Description, now.Reason!, now.Error!);
    }

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

    private async Task<TransportBus> CreateBusAsync()
    {
        var expanded = await SecretSettings.ExpandAsync(settings, settingsPath, secrets, _stopping.Token).ConfigureAwait(false);
        // What a secret held was not there to be validated before.
        if (expanded != settings && transport.Validate(expanded).FirstOrDefault() is { } problem)
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput, $"{settingsPath}:{Mask.Hide(ConnectionStringReference.Place(problem, settings))}");

        LogContext.ConfigureCurrentLogContext(new MaskedLoggers(loggers, Mask));
        var bus = transport.CreateBus(expanded);
        bus.Troubles.Began = x => logger.TroubleBegan(Description, Mask.Hide(x));
        bus.Troubles.Ended = x => logger.TroubleEnded(Description, Mask.Hide(x));
        return bus;
    }

    private void SetConnected(TransportBus bus)
    {
        lock (_lock)
        {
            if (IsStopped)
                return;

            SetState(ConnectionStatus.Connected);
            _live = bus;
            if (_connected.Task.IsCompleted)
                _connected = NewSignal();
            _connected.SetResult(bus);
            _firstAttempt.TrySetResult();
        }

        logger.Connected(Description);
    }

    private void SetDisconnected(Exception cause)
    {
        var error = Mask.Hide(cause);
        ConnectionState before;
        ConnectionState now;
        lock (_lock)
        {
            before = State;
            if (before.Status == ConnectionStatus.Stopped)
                return;

            _live = null;
            // Whoever prepares a topic at this moment does so for the connection that is gone.
            _prepared = new ConcurrentDictionary<TopicContract, bool>();
            if (_connected.Task.IsCompleted)
                _connected = NewSignal();
            // A failed attempt does not restart the clock of an outage.
            var since = before.Status == ConnectionStatus.Disconnected ? before.Since : time.GetUtcNow();
            now = new ConnectionState(ConnectionStatus.Disconnected, since, error);
            Volatile.Write(ref _state, now);
            _firstAttempt.TrySetResult();
            // Waiting does not help where the configuration is wrong; whoever asks after the next attempt waits for that one.
            if (error is DuctapeException)
                _connected.SetException(error);
            _ = _connected.Task.Exception;
        }

        if (before.Status != ConnectionStatus.Disconnected || before.Reason != now.Reason)
            logger.Disconnected(Description, now.Reason!, error);
    }

    private void SetState(ConnectionStatus status) => Volatile.Write(ref _state, new ConnectionState(status, time.GetUtcNow()));

    private static TaskCompletionSource<TransportBus> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
