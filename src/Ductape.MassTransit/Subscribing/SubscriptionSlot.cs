using System.Diagnostics.CodeAnalysis;
using Ductape.MassTransit.Caching;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;
using MassTransit.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// The receive endpoint of a queue, for one subscription after another. MassTransit keeps the configuration of every endpoint that was
/// ever connected, so a subscription that ends only stops its endpoint, and the next one to the same queue starts it again.
/// </summary>
internal sealed class SubscriptionSlot(
    Connection connection, Route route, string queue, bool ephemeral, HandledInQueue? handled, ProviderLife provider, ILogger logger) : IConnectionQueue
{
    // An endpoint that does not end must not hold up a pause, a reload or a shutdown that waits for this one.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(2);

    // A number is missing for as long as another reader takes from the client's buffer to here.
    private static readonly TimeSpan OrderStallLimit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly EndpointHealth _health = new();
    private readonly DeliveryGate _deliveries = new();
    private readonly Lock _lock = new();
    private OrderedDeliveries? _ordered;
    private RetryWaits? _retries;
    private TransportBus? _bus;
    private IReceiveEndpoint? _endpoint;
    private DelayedRedelivery? _redelivery;
    private bool _running;
    private bool _isConfiguring;
    private bool _stopAbandoned;
    private volatile bool _isStopping;
    private Subscription? _holding;
    private CancellationTokenSource _givingUp = new();

    public string Queue => queue;

    public Route Route => Volatile.Read(ref route);

    public Connection Connection => connection;

    /// <summary>The bus of its endpoint, as soon as there is one.</summary>
    public TransportBus? Bus => _bus;

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

    public Subscription? Current => _deliveries.Owner;

    /// <summary>What is wrong with the endpoint, or null: for the connection's health.</summary>
    public Exception? Fault => Current is null ? null : _health.Fault;

    /// <summary>Whether the endpoint receives, or has no subscription that it would receive for, or one that is held on purpose.</summary>
    public bool IsReady => Current is null or { IsHeld: true } || _health.IsReady;

    /// <summary>Whether its endpoint receives now.</summary>
    public bool IsReceiving => _health.IsReady;

    /// <summary>What the broker refuses its endpoint for, or null.</summary>
    public Exception? Refusal => _health.Fault is { } fault && _bus?.Capabilities.IsRefusal(fault) == true ? fault : null;

    /// <summary>
    /// Whether messages wait inside the endpoint, which runs on, while they cannot be delivered. An ephemeral queue that is removed with
    /// its consumer must keep it.
    /// </summary>
    public bool HoldsInside => ephemeral || KeepsEndpointRunning(_bus);

    private EndpointTopology Topology => new() { Topic = route.Topology, Queue = queue, Ephemeral = ephemeral };

    /// <summary>Makes a subscription the one that this queue delivers to; false while there is another.</summary>
    public bool TryClaim(Subscription subscription)
    {
        lock (_lock)
        {
            // What waits inside comes as soon as it is claimed.
            if (HoldsInside && Current is null)
                _retries?.Begin();
            return !IsDiscarded && _deliveries.TryClaim(subscription);
        }
    }

    /// <summary>Whether another slot has taken its place before it began.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Gives the queue up to another slot, unless it has begun or has a subscription.</summary>
    public bool TryDiscard()
    {
        lock (_lock)
            return IsDiscarded |= Current is null && _endpoint is null;
    }

    /// <summary>Waits for the connection, and until the endpoint receives.</summary>
    /// <exception cref="Exception">The broker refuses the queue; the endpoint is then stopped again.</exception>
    public async Task StartAsync(Route itsRoute, CancellationToken cancellationToken)
    {
        var bus = await connection.GetReceiverAsync(cancellationToken).ConfigureAwait(false);
        await connection.Topics.PrepareAsync(bus, itsRoute, cancellationToken).ConfigureAwait(false);

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _retries?.Begin();
            _deliveries.Refresh();
            if (_running)
                return;

            _isStopping = false;
            var ready = _health.Begin(bus.Capabilities.IsRefusal);
            if (_endpoint is null)
            {
                _bus = bus;
                lock (_lock)
                    _isConfiguring = true;
                _endpoint = (ephemeral && !bus.Traits.HasFlag(BusTraits.RemovesEphemeralQueues)
                    ? bus.Bus.ConnectReceiveEndpoint(new EphemeralEndpoint(queue), null, x => Configure(bus, x))
                    : bus.Bus.ConnectReceiveEndpoint(queue, x => Configure(bus, x))).ReceiveEndpoint;
            }
            else
            {
                // MassTransit does not start an endpoint whose stop was given up before that stop is complete.
                if (_stopAbandoned)
                    await _endpoint.Stop(CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
                _stopAbandoned = false;
                _ordered?.Begin();
                _retries?.Begin();
                _endpoint.Start(CancellationToken.None);
            }

            _running = true;
            try
            {
                await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                using var limit = new CancellationTokenSource(StopLimit, connection.Time);
                if (!await TryStopEndpointAsync(limit.Token).ConfigureAwait(false))
                    await AbandonDeliveriesAsync().ConfigureAwait(false);
                if (exception is not OperationCanceledException)
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
            _ = _health.Begin(_bus!.Capabilities.IsRefusal);
            _ordered?.Begin();
            _retries?.Begin();
            _endpoint.Start(CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets through what waits inside, where its subscription is no longer held.</summary>
    public void Reopen() => _deliveries.Refresh();

    /// <summary>Stops delivering to a subscription that keeps the queue, and waits for its callbacks in flight.</summary>
    public async Task HoldAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Current != subscription)
                return;

            if (!HoldsInside)
            {
                _holding = subscription;
                await TryStopEndpointAsync(cancellationToken).ConfigureAwait(false);
                return;
            }

            _deliveries.Refresh();
            await _deliveries.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops delivering to a subscription and waits for its callbacks in flight.</summary>
    public async Task ReleaseAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        var entering = _gate.WaitAsync(CancellationToken.None);
        if (!entering.IsCompleted)
            await entering.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var releasing = ReleaseAsync(entering, subscription, cancellationToken);
        // What has the endpoint at the moment lets go of it some time, and then it is stopped all the same.
        if (entering.IsCompleted)
            await releasing.ConfigureAwait(false);
    }

    private async Task ReleaseAsync(Task entering, Subscription subscription, CancellationToken cancellationToken)
    {
        await entering.ConfigureAwait(false);
        try
        {
            if (Current != subscription)
                return;

            // A queue that nobody removes would go on to fill up unread: its endpoint runs on too, and drops what comes.
            if (_running && (KeepsEndpointRunning(_bus) || (ephemeral && !_bus!.Traits.HasFlag(BusTraits.RemovesEphemeralQueues))))
            {
                Vacate();
                // On to the gate, where the next subscription finds it.
                _retries?.Wake();
                await _deliveries.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            // What waits inside would never end.
            if (ephemeral)
                _deliveries.Abandon();
            // A stop for a hold that was given up for this one still has callbacks to wait for.
            _running |= _stopAbandoned && _holding == subscription;
            if (!await TryStopEndpointAsync(cancellationToken).ConfigureAwait(false))
                await AbandonDeliveriesAsync().ConfigureAwait(false);
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
        _retries?.GiveBack();
        _deliveries.Abandon();
    }

    /// <summary>Stops whatever subscription there is; for shutdown.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Current?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    private async Task DeliverAsync(ConsumeContext context, TopicMessage received)
    {
        received.SerializerOptions = Current?.SerializerOptions;
        while (true)
        {
            if (_deliveries.Enter() is { } subscription)
            {
                ReceivedMessage? message = null;
                subscription.Counts.Begin();
                try
                {
                    message = new ReceivedMessage(subscription, context, received.Body);
                    await (_redelivery is null ? CallAsync(message, subscription) : CallAsync(message, subscription, _redelivery))
                        .ConfigureAwait(false);
                    if (message.Outcome == DeliveryOutcome.None)
                        message.Outcome = DeliveryOutcome.Handled;
                    return;
                }
                catch (Exception exception)
                {
                    // Whatever it failed for: what it uses is gone, and the message is not to blame.
                    if (provider.IsOver)
                    {
                        logger.ProviderIsGone(MessageIds.Of(context), Route.Event, Route.Env, queue, exception);
                        GiveBack(context);
                    }

                    _retries?.Failed(context, HoldsInside && subscription.IsStopping);
                    throw;
                }
                finally
                {
                    subscription.Counts.End(message?.Outcome ?? DeliveryOutcome.None);
                    _deliveries.Exit();
                }
            }

            if (ephemeral && Current is null)
                return;

            var opens = _deliveries.WaitAsync(context.CancellationToken);
            if (!HoldsInside && _isStopping)
                GiveBack(context);
            if (await opens.ConfigureAwait(false))
                continue;
            if (HoldsInside)
                return;
            GiveBack(context);
        }
    }

    // It returns to the queue when the channel is closed.
    [DoesNotReturn]
    private static void GiveBack(ConsumeContext context)
    {
        ((BaseReceiveContext)context.ReceiveContext).Cancel();
        throw new OperationCanceledException("The endpoint stops.", context.CancellationToken);
    }

    private Task CallAsync(ReceivedMessage message, Subscription subscription) =>
        handled is null ? subscription.Callback(message) : handled.CallAsync(message, subscription.Callback);

    // Apart, since a closure up there would be made for every message.
    private Task CallAsync(ReceivedMessage message, Subscription subscription, DelayedRedelivery redelivery) =>
        redelivery.CallAsync(message, x => CallAsync(x, subscription));

    private void Configure(TransportBus bus, IReceiveEndpointConfigurator endpoint)
    {
        _health.Stops += Abandon;
        endpoint.ConnectReceiveEndpointObserver(_health);
        endpoint.PrefetchCount = route.Prefetch;
        endpoint.ConcurrentMessageLimit = route.Concurrency;
        endpoint.PublishFaults = false;
        endpoint.AddDeserializer(route.Contract.Deserializer);
        if (route.Flow.Ordered)
            KeepOrder(bus, endpoint);
        if (route.Flow.KillSwitch is not null)
            UseBeforeRetries(endpoint, new KillSwitchFilter(this));
        if (route.Format == MessageFormat.Json)
            endpoint.AddDeserializer(BareJsonDeserializer.Instance, isDefault: true);
        if (!route.Retry.Delays.IsEmpty)
        {
            var retries = _retries = new RetryWaits(this, connection.Time, logger);
            endpoint.UseMessageRetry(x =>
            {
                x.SetRetryPolicy(filter => new RetryPolicy(filter, route.Retry.Delays, route.Retry.Jitter, retries));
                x.Handle<Exception>(route.Retry.Exceptions.Contains);
            });
        }

        var redeliver = bus.Capabilities.Redeliver;
        var topology = Topology with { RedeliveryDelays = redeliver is null ? [] : route.Retry.Redelivery };
        _redelivery = DelayedRedelivery.Of(route, redeliver, topology, provider, logger);
        bus.ConfigureEndpoint(endpoint, topology);
        route.Contract.AddConsumer(endpoint, DeliverAsync);
    }

    private void KeepOrder(TransportBus bus, IReceiveEndpointConfigurator endpoint)
    {
        if (bus.Capabilities.OrderedDelivery is not { } deliveries)
        {
            endpoint.ConcurrentMessageLimit = 1;
            return;
        }

        // Each message that was pushed ahead has a reader to wait in; how many are handled at once is counted after that.
        endpoint.ConcurrentMessageLimit = Math.Max(route.Prefetch, route.Concurrency);
        _ordered = new OrderedDeliveries(route.Concurrency, x => route.Contract.PartitionKeyOf(x, route.Flow.PartitionKey), deliveries,
            bus.Capabilities.DeliveryReturning, KeepsEndpointRunning(bus) ? Timeout.InfiniteTimeSpan : OrderStallLimit, connection.Time);
        ((IReceiveEndpointConfiguration)endpoint).ReceiveObservers.Connect(_ordered);
        UseBeforeRetries(endpoint, _ordered);
    }

    private static bool KeepsEndpointRunning(TransportBus? bus) => bus is not null && bus.Traits.HasFlag(BusTraits.KeepsEndpointsRunning);

    // A filter that is added the usual way stands inside the retries and sees every attempt.
    private static void UseBeforeRetries(IReceiveEndpointConfigurator endpoint, IFilter<ConsumeContext> filter) =>
        endpoint.AddPrePipeSpecification(new FilterPipeSpecification<ConsumeContext>(filter));

    /// <returns>False when the wait for the callbacks was given up: the endpoint takes no more messages.</returns>
    private async Task<bool> TryStopEndpointAsync(CancellationToken cancellationToken)
    {
        if (!_running)
            return true;

        _running = false;
        if (!_stopAbandoned)
            _givingUp = new CancellationTokenSource();
        _stopAbandoned = false;
        _health.End();
        _isStopping = true;
        if (!HoldsInside)
            _deliveries.Abandon();
        // First no turn comes any more: the next message of a key must not overtake one whose wait is ended.
        var returning = _ordered?.ReturnAsync(Topology, cancellationToken);
        _retries?.GiveBack();
        if (returning is not null)
            await returning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            // Not with the caller's token: MassTransit does not even begin a stop that was given up before.
            await _endpoint!.Stop(_givingUp.Token).WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _stopAbandoned = true;
            return false;
        }
    }

    // Its callbacks go on here, and their messages belong to another process.
    private async Task AbandonDeliveriesAsync()
    {
        await _givingUp.CancelAsync().ConfigureAwait(false);
        if (_bus!.Capabilities.DeliveryReturning is not { } returning)
            return;

        var abandoning = returning.AbandonDeliveriesAsync(Topology);
        // A server that does not answer must not hold up whoever has given up.
        await abandoning.WaitAsync(AbandonLimit, connection.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ = abandoning.ContinueWith(static x => x.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
    }

    // Nobody comes any more to what is still delivered after the connection has stopped.
    private void Vacate() => _deliveries.Vacate(ephemeral || connection.IsStopped);
}
