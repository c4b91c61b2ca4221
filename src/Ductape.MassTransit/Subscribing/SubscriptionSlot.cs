using Ductape.MassTransit.Caching;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// A queue and its receive endpoint, for one subscription after another: one that ends only stops the endpoint, and the
/// next one to the same queue starts it again.
/// </summary>
internal sealed class SubscriptionSlot(
    Connection connection, Route route, string queue, bool ephemeral, QueueDeduplication? deduplication, ProviderLifetime provider, ILogger logger) : IConnectionQueue
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly DeliveryGate _deliveries = new();
    private readonly Lock _lock = new();
    private volatile QueueEndpoint? _endpoint;
    private Subscription? _holding;

    public string Queue => queue;

    public bool Ephemeral => ephemeral;

    public Route Route => Volatile.Read(ref route);

    public Connection Connection => connection;

    /// <summary>The bus of its endpoint, as soon as there is one.</summary>
    public TransportBus? Bus => _endpoint?.Bus;

    public Subscription? Current => _deliveries.Owner;

    /// <summary>What is wrong with the endpoint, or null: for the connection's health.</summary>
    public Exception? Fault => Current is null ? null : _endpoint?.Fault;

    /// <summary>
    /// Whether the endpoint receives, or has no subscription that it would receive for, or one that is held on purpose.
    /// </summary>
    public bool IsReady => Current is null or { IsHeld: true } || IsReceiving;

    /// <summary>Whether its endpoint receives now.</summary>
    public bool IsReceiving => _endpoint is { IsReceiving: true };

    /// <summary>Whether its endpoint is about to start, as soon as an earlier stop is complete.</summary>
    public bool AwaitsStop => _endpoint is { AwaitsStop: true };

    /// <summary>What the broker refuses its endpoint for, or null.</summary>
    public Exception? Refusal => _endpoint is { Fault: { } fault } endpoint && endpoint.Bus.Capabilities.IsRefusal(fault) ? fault : null;

    /// <inheritdoc cref="EndpointSetup.HoldsInside"/>
    public bool HoldsInside => ephemeral || _endpoint is { HoldsInside: true };

    /// <summary>Whether another slot has taken its place before it began.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Whether its endpoint exists and was configured otherwise than the route now says.</summary>
    public bool IsStale(Route now) => _endpoint is not null && Route.EndpointShape.Value != now.EndpointShape.Value;

    /// <summary>What a reload asks of an endpoint that does not exist yet.</summary>
    public void Update(Route now, QueueDeduplication? itsDeduplication)
    {
        lock (_lock)
        {
            if (_endpoint is not null)
                return;

            Volatile.Write(ref route, now);
            deduplication = itsDeduplication;
        }
    }

    /// <summary>Makes a subscription the one that this queue delivers to; false while there is another.</summary>
    public bool TryClaim(Subscription subscription)
    {
        lock (_lock)
        {
            // What waits inside comes as soon as it is claimed.
            if (HoldsInside && Current is null)
                _endpoint?.Retries?.Begin();
            return !IsDiscarded && _deliveries.TryClaim(subscription);
        }
    }

    /// <summary>Gives the queue up to another slot, unless it has begun or has a subscription.</summary>
    public bool TryDiscard()
    {
        lock (_lock)
            return IsDiscarded |= Current is null && _endpoint is not { IsMade: true };
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
            _endpoint?.Retries?.Begin();
            _deliveries.Refresh();
            await EndpointOn(bus).StartAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// The broker is back: starts the endpoint anew where it does not receive yet. MassTransit would, too, but only
    /// after its own waits, which grow to half a minute, and after a refused login not at all.
    /// </summary>
    public async Task RestartAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_endpoint is { } endpoint)
                await endpoint.RestartAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets through what waits inside, where its subscription is no longer held.</summary>
    public void Reopen() => _deliveries.Refresh();

    /// <summary>
    /// Stops delivering to a subscription that keeps the queue, and waits for its callbacks in flight.
    /// </summary>
    public async Task HoldAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Current != subscription)
                return;

            if (!HoldsInside)
            {
                // One that has not begun has no callbacks that its stop would wait for; but an earlier stop that is not
                // complete still delivers.
                if (_endpoint is not { IsRunning: true } endpoint)
                {
                    _deliveries.Refresh();
                    return;
                }

                _holding = subscription;
                await endpoint.StopAsync(cancellationToken).ConfigureAwait(false);
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

            if (_endpoint is { IsRunning: true, OutlivesSubscriptions: true } endpoint)
            {
                Vacate();
                // On to the gate, where the next subscription finds it.
                endpoint.Retries?.Wake();
                await _deliveries.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            // What waits inside would never end.
            if (ephemeral)
                _deliveries.Abandon();
            // A stop for a hold that was given up for this one still has callbacks to wait for.
            if (_endpoint is not null)
                await _endpoint.StopOrAbandonAsync(again: _holding == subscription, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Current == subscription)
                Vacate();
            _gate.Release();
        }
    }

    /// <summary>The bus is about to stop: nothing may wait for a next subscription any more.</summary>
    public void Abandon() => _endpoint?.Abandon();

    /// <summary>Stops whatever subscription there is; for shutdown.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Current?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    private QueueEndpoint EndpointOn(TransportBus bus)
    {
        lock (_lock)
        {
            // From here on a reload asks in vain.
            return _endpoint ??= new QueueEndpoint(
                new EndpointSetup(bus, route, queue, ephemeral, deduplication, provider, connection.Time, logger), _deliveries, provider, connection.Time, logger);
        }
    }

    // Nobody comes any more to what is still delivered after the connection has stopped.
    private void Vacate() => _deliveries.Vacate(ephemeral || connection.IsStopped);
}
