using MassTransit.Configuration;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports.Fabric;

namespace Ductape.MassTransit;

/// <summary>MassTransit's in-memory bus, built from its parts because only they give access to the message fabric.</summary>
internal sealed class InMemoryTransportBus : SelfManagedBus
{
    private readonly InMemoryBusConfiguration _configuration;

    public InMemoryTransportBus()
    {
        _configuration = new InMemoryBusConfiguration(new InMemoryTopologyConfiguration(InMemoryBus.CreateMessageTopology()), null);
        var configurator = new InMemoryBusFactoryConfigurator(_configuration);
        Control = configurator.Build(_configuration);
    }

    protected override IBusControl Control { get; }

    public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
    {
        await StartOnceAsync(cancellationToken).ConfigureAwait(false);
        return new TaskCompletionSource<string>().Task;
    }

    public override void DeclareTopic(TopicTopology topic)
    {
        var provider = _configuration.HostConfiguration.TransportProvider;
        var fabric = provider.MessageFabric;
        fabric.ExchangeDeclare(provider, topic.Entity, ExchangeType.FanOut);
        foreach (var queue in topic.SubscriberQueues)
        {
            // The same shape as a receive endpoint's: topic exchange, queue exchange, queue.
            fabric.QueueDeclare(provider, queue);
            fabric.ExchangeDeclare(provider, queue, ExchangeType.FanOut);
            fabric.QueueBind(provider, queue, queue);
            fabric.ExchangeBind(provider, topic.Entity, queue, "");
        }
    }
}
