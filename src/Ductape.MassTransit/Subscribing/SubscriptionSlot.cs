using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit;

/// <summary>
/// The receive endpoint of a queue, for one subscription after another. MassTransit keeps the configuration of every endpoint that was
/// ever connected, so a subscription that ends only stops its endpoint, and the next one to the same queue starts it again.
/// </summary>
internal sealed class SubscriptionSlot(Connection connection, Route route, string queue, bool ephemeral, HandledInQueue? handled)
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly EndpointHealth _health = new();
    private readonly CallbacksInFlight _inFlight = new();
    private readonly Lock _lock = new();
    private Subscription? _current;
    private TaskCompletionSource<Subscription?> _next = NewSignal();
    private TransportBus? _bus;
    private IReceiveEndpoint? _endpoint;
    private bool _running;
    private bool _isConfiguring;
    private bool _stopAbandoned;

    public string Queue => queue;

    public Route Route => Volatile.Read(ref route);

    public Connection Connection => connection;

    /// <summary>Whether its endpoint exists and was configured otherwise than the route now says.</summary>
    public bool IsStale(Route now) => _endpoint is not null && Route.EndpointShape.Value != now.EndpointShape.Value;

    /// <summary>What a reload asks of an endpoint that does not exist yet.</summary>
    public void Update(Route now, HandledInQueue? itsHandled)
    {
        lock (_lock)
        {
            if (_endpoint is not null || _isConfiguring)
                return;

            Volatile.Write(ref route, now);
            handled = itsHandled;
        }
    }

    public bool Ephemeral => ephemeral;

    public Subscription? Current => Volatile.Read(ref _current);

    /// <summary>What is wrong with the endpoint, or null: for the connection's health.</summary>
    public Exception? Fault => Current is null ? null : _health.Fault;

    /// <summary>Whether the endpoint receives, or has no subscription that it would receive for.</summary>
    public bool IsReady => Current is null || _health.IsReady;

    /// <summary>Makes a subscription the one that this queue delivers to; false while there is another.</summary>
    public bool TryClaim(Subscription subscription)
    {
        lock (_lock)
        {
            if (IsDiscarded || (_current is not null && _current != subscription))
                return false;

            Volatile.Write(ref _current, subscription);
            _next.TrySetResult(subscription);
            return true;
        }
    }

    /// <summary>Whether another slot has taken its place before it began.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Gives the queue up to another slot, unless it has begun or has a subscription.</summary>
    public bool TryDiscard()
    {
        lock (_lock)
            return IsDiscarded |= _current is null && _endpoint is null;
    }

    /// <summary>Waits for the connection, and until the endpoint receives.</summary>
    /// <exception cref="Exception">The broker refuses the queue; the endpoint is then stopped again.</exception>
    public async Task StartAsync(Route itsRoute, CancellationToken cancellationToken)
    {
        var bus = await connection.GetBusAsync(cancellationToken).ConfigureAwait(false);
        connection.Declare(bus, itsRoute);

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_running)
                return;

            var ready = _health.Begin(bus.IsRefusal);
            if (_endpoint is null)
            {
                _bus = bus;
                lock (_lock)
                    _isConfiguring = true;
                _endpoint = (ephemeral && !bus.RemovesEphemeralQueues
                    ? bus.Bus.ConnectReceiveEndpoint(new EphemeralEndpoint(queue), null, x => Configure(bus, x))
                    : bus.Bus.ConnectReceiveEndpoint(queue, x => Configure(bus, x))).ReceiveEndpoint;
            }
            else
            {
                // MassTransit does not start an endpoint whose stop was given up before that stop is complete.
                if (_stopAbandoned)
                    await _endpoint.Stop(CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
                _stopAbandoned = false;
                _endpoint.Start(CancellationToken.None);
            }

            _running = true;
            try
            {
                await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                await StopEndpointAsync(CancellationToken.None).ConfigureAwait(false);
                _health.Refused(exception);
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// The broker is back: starts the endpoint anew where it does not receive yet. MassTransit would, too, but only after its own waits,
    /// which grow to half a minute, and after a refused login not at all.
    /// </summary>
    public async Task RestartAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_running || _health.IsReady)
                return;

            await _endpoint!.Stop(CancellationToken.None).ConfigureAwait(false);
            _ = _health.Begin(_bus!.IsRefusal);
            _endpoint.Start(CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops delivering to a subscription and waits for its callbacks in flight.</summary>
    public async Task ReleaseAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            if (Current != subscription)
                return;

            // A queue that nobody removes would go on to fill up unread: its endpoint runs on too, and drops what comes.
            if (_running && (_bus!.KeepsEndpointsRunning || (ephemeral && !_bus.RemovesEphemeralQueues)))
            {
                Vacate();
                await _inFlight.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await StopEndpointAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Current == subscription)
                Vacate();
            _gate.Release();
        }
    }

    /// <summary>The bus is about to stop: nothing may wait for a next subscription any more.</summary>
    public void Abandon()
    {
        lock (_lock)
            _next.TrySetResult(null);
    }

    /// <summary>Stops whatever subscription there is; for shutdown.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Current?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async Task DeliverAsync(ConsumeContext context, ReadOnlyMemory<byte> body)
    {
        while (true)
        {
            // Counted before it is looked at: whoever vacates the slot then waits for this one, or this one sees it vacant.
            _inFlight.Enter();
            try
            {
                if (Current is { } subscription)
                {
                    var message = new ReceivedMessage(subscription, context, body);
                    await (handled is null ? subscription.Callback(message) : handled.CallAsync(message, subscription.Callback))
                        .ConfigureAwait(false);
                    return;
                }
            }
            finally
            {
                _inFlight.Exit();
            }

            if (ephemeral)
                return;
            if (!_bus!.KeepsEndpointsRunning)
                throw new InvalidOperationException($"The queue {queue} delivered a message while it has no subscription.");
            if (await Volatile.Read(ref _next).Task.ConfigureAwait(false) is null)
                return;
        }
    }

    private void Configure(TransportBus bus, IReceiveEndpointConfigurator endpoint)
    {
        endpoint.ConnectReceiveEndpointObserver(_health);
        endpoint.PrefetchCount = route.Prefetch;
        endpoint.ConcurrentMessageLimit = route.Concurrency;
        endpoint.PublishFaults = false;
        if (route.Format == MessageFormat.Json)
            endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType | RawSerializerOptions.CopyHeaders, isDefault: true);
        if (!route.RetryDelays.IsEmpty)
        {
            endpoint.UseMessageRetry(x =>
            {
                x.Intervals([.. route.RetryDelays]);
                // The next attempt would read the same bytes, and find the same session.
                x.Ignore<DuctapeException>(e => e.Code is DuctapeErrorCodes.InvalidInput or DuctapeErrorCodes.SessionInvalid && !e.IsTransient);
            });
        }

        bus.ConfigureEndpoint(endpoint, new EndpointTopology { Topic = route.Topology, Queue = queue, Ephemeral = ephemeral });
        route.Contract.AddConsumer(endpoint, this);
    }

    private async Task StopEndpointAsync(CancellationToken cancellationToken)
    {
        if (!_running)
            return;

        _running = false;
        _health.End();
        try
        {
            await _endpoint!.Stop(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The wait was given up, not the stop: the endpoint takes no more messages.
            _stopAbandoned = true;
        }
    }

    private void Vacate()
    {
        lock (_lock)
        {
            if (_next.Task.IsCompleted)
                _next = NewSignal();
            // Nobody comes any more: what is still delivered must not wait, nor look for the subscription again and again.
            if (connection.IsStopped)
                _next.TrySetResult(null);
            Volatile.Write(ref _current, null);
        }
    }

    private static TaskCompletionSource<Subscription?> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
