using Ductape.MassTransit.Caching;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;
using MassTransit.Configuration;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>What a route asks of the receive endpoint of its queue, as it was when the endpoint was made.</summary>
internal sealed class EndpointSetup
{
    // A number is missing for as long as another reader takes from the client's buffer to here.
    private static readonly TimeSpan OrderStallLimit = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger;

    public EndpointSetup(TransportBus bus, Route route, string queue, bool ephemeral, QueueDeduplication? deduplication, ProviderLifetime provider,
        TimeProvider time, ILogger logger)
    {
        var capabilities = bus.Capabilities;
        var redeliver = capabilities.Redeliver;
        _logger = logger;
        Bus = bus;
        Route = route;
        Topology = new EndpointTopology
        {
            Topic = route.Topology,
            Queue = queue,
            Ephemeral = ephemeral,
            RedeliveryDelays = redeliver is null ? [] : route.Retry.Redelivery,
        };
        KeepsRunning = bus.Traits.HasFlag(BusTraits.KeepsEndpointsRunning);
        HoldsInside = ephemeral || KeepsRunning;
        if (route.Flow.Ordered && capabilities.DeliveryNumbers is { } deliveries)
        {
            Order = new OrderedDeliveries(route.Concurrency, x => route.Contract.PartitionKeyOf(x, route.Flow.PartitionKey), deliveries,
                capabilities.DeliveryReturning, KeepsRunning ? Timeout.InfiniteTimeSpan : OrderStallLimit, time);
        }

        if (!route.Retry.Delays.IsEmpty)
            Retries = new RetryWaits(route, queue, HoldsInside, time, logger);
        Redelivery = DelayedRedelivery.Of(route, redeliver, Topology, provider, logger);
        Deduplication = deduplication;
    }

    public TransportBus Bus { get; }

    public Route Route { get; }

    public EndpointTopology Topology { get; }

    /// <summary>Whether the endpoint runs on when it has no subscription, because its bus is like that.</summary>
    public bool KeepsRunning { get; }

    /// <summary>
    /// Whether messages wait inside the endpoint, which runs on, while they cannot be delivered. An ephemeral queue
    /// that is removed with its consumer must keep it.
    /// </summary>
    public bool HoldsInside { get; }

    /// <summary>Where messages wait for their turn, or null where they come in any order.</summary>
    public OrderedDeliveries? Order { get; }

    /// <summary>Where messages wait for their next attempt, or null where there is none.</summary>
    public RetryWaits? Retries { get; }

    /// <summary>What follows the last attempt, or null.</summary>
    public DelayedRedelivery? Redelivery { get; }

    /// <summary>The messages that are not handled again, or null where all are.</summary>
    public QueueDeduplication? Deduplication { get; }

    /// <summary>Tells MassTransit.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="health">Watches it.</param>
    /// <param name="gate">Where messages wait for a subscription.</param>
    /// <param name="deliver">Gets the messages.</param>
    public void Configure(IReceiveEndpointConfigurator endpoint, EndpointHealth health, DeliveryGate gate, Func<ConsumeContext, TopicMessage, Task> deliver)
    {
        endpoint.ConnectReceiveEndpointObserver(health);
        endpoint.PrefetchCount = Route.Prefetch;
        endpoint.ConcurrentMessageLimit = Route.Concurrency;
        endpoint.PublishFaults = false;
        endpoint.AddDeserializer(Route.Contract.Deserializer);
        if (Route.Flow.Ordered)
            KeepOrder(endpoint);
        if (Route.Flow.KillSwitch is not null)
            UseBeforeRetries(endpoint, new KillSwitchFilter(gate));
        if (Route.Format == MessageFormat.Json)
            endpoint.AddDeserializer(BareJsonDeserializer.Instance, isDefault: true);
        if (Retries is { } retries)
        {
            endpoint.UseMessageRetry(x =>
            {
                x.SetRetryPolicy(filter => new RetryPolicy(filter, Route.Retry.Delays, Route.Retry.Jitter, retries));
                x.Handle<Exception>(Route.Retry.Exceptions.Contains);
            });
        }

        if (Redelivery is null && !Route.Retry.Redelivery.IsEmpty)
            _logger.RedeliveryNotPossible(Route.ProductTag, Route.Event, Route.Env, Route.Connection.Description);
        Bus.ConfigureEndpoint(endpoint, Topology);
        Route.Contract.AddConsumer(endpoint, deliver);
    }

    private void KeepOrder(IReceiveEndpointConfigurator endpoint)
    {
        if (Order is null)
        {
            endpoint.ConcurrentMessageLimit = 1;
            return;
        }

        // Each message that was pushed ahead has a reader to wait in; how many are handled at once is counted after
        // that.
        endpoint.ConcurrentMessageLimit = Math.Max(Route.Prefetch, Route.Concurrency);
        ((IReceiveEndpointConfiguration)endpoint).ReceiveObservers.Connect(Order);
        UseBeforeRetries(endpoint, Order);
    }

    // A filter that is added the usual way stands inside the retries and sees every attempt.
    private static void UseBeforeRetries(IReceiveEndpointConfigurator endpoint, IFilter<ConsumeContext> filter) =>
        endpoint.AddPrePipeSpecification(new FilterPipeSpecification<ConsumeContext>(filter));
}
