using System.Collections.Concurrent;
using MassTransit.Configuration;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports.Fabric;

namespace Ductape.MassTransit;

/// <summary>MassTransit's in-memory bus, built from its parts because only they give access to the message fabric.</summary>
internal sealed class InMemoryTransportBus : SelfManagedBus
{
    private readonly InMemoryParts _parts;
    private readonly ConcurrentDictionary<(string Entity, string Queue), Lazy<ConnectHandle>> _numbered = new();

    public InMemoryTransportBus()
    {
        _parts = new InMemoryParts(new InMemoryTopologyConfiguration(InMemoryBus.CreateMessageTopology()));
        Control = new InMemoryBusFactoryConfigurator(_parts).Build(_parts);
    }

    // MassTransit's in-memory fabric binds a queue once more at every start of its endpoint, and walks all bindings at every publish.
    public override bool KeepsEndpointsRunning => true;

    public override bool NumbersDeliveries => true;

    protected override IBusControl Control { get; }

    public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
    {
        await StartOnceAsync(cancellationToken).ConfigureAwait(false);
        return new TaskCompletionSource<string>().Task;
    }

    public override void DeclareTopic(TopicTopology topic)
    {
        var provider = _parts.Fabric;
        provider.MessageFabric.ExchangeDeclare(provider, topic.Entity, ExchangeType.FanOut);
        foreach (var queue in topic.SubscriberQueues)
        {
            // The same shape as a receive endpoint's: topic exchange, queue exchange, queue.
            DeclareQueue(queue.Name);
            if (queue.Ordered)
                BindNumbered(topic.Entity, queue.Name);
            else
                provider.MessageFabric.ExchangeBind(provider, topic.Entity, queue.Name, "");
        }
    }

    // MassTransit sends failed and skipped messages to exchanges of these names, which in memory lead nowhere.
    public override void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
    {
        DeclareQueue($"{topology.Queue}_error");
        DeclareQueue($"{topology.Queue}_skipped");
        if (!topology.Topic.Ordered)
            return;

        endpoint.ConfigureConsumeTopology = false;
        DeclareQueue(topology.Queue);
        BindNumbered(topology.Topic.Entity, topology.Queue);
    }

    // One queue has one stream here, and each slot one queue.
    public override DeliveryNumber? FindDeliveryNumber(ReceiveContext context) =>
        InMemoryDeliveryNumbers.Find(context) is { } number ? new DeliveryNumber(this, number) : null;

    private void BindNumbered(string entity, string queue)
    {
        var provider = _parts.Fabric;
        _ = _numbered.GetOrAdd((entity, queue), key => new Lazy<ConnectHandle>(() => provider.MessageFabric.GetExchange(provider, key.Entity)
            .Connect(new InMemoryDeliveryNumbers(provider.MessageFabric.GetQueue(provider, key.Queue)), ""))).Value;
    }

    public override bool MayHaveQueue(TopicTopology topic)
    {
        var provider = _parts.Fabric;
        return provider.MessageFabric.GetExchange(provider, topic.Entity).Sinks.Any();
    }

    private void DeclareQueue(string queue)
    {
        var provider = _parts.Fabric;
        provider.MessageFabric.QueueDeclare(provider, queue);
        provider.MessageFabric.ExchangeDeclare(provider, queue, ExchangeType.FanOut);
        provider.MessageFabric.QueueBind(provider, queue, queue);
    }
}
