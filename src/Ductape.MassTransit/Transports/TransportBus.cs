using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// The MassTransit bus behind one connection, and what only its transport knows how to do with it. This is all that a
/// transport needs; what else a bus can do are interfaces beside it, which it implements or not:
/// <see cref="IBlockableBus"/>, <see cref="IReceiveConnectionBus"/>, <see cref="ITopicPreparingBus"/>,
/// <see cref="IExistingQueueBus"/>, <see cref="ISendConfiguringBus"/>, <see cref="IOrderedDeliveryBus"/>,
/// <see cref="IDeliveryReturningBus"/>, <see cref="IRedeliveringBus"/>, <see cref="IDeadLetterBus"/>,
/// <see cref="IPublishFaultBus"/>, <see cref="IRefusalBus"/>, <see cref="IBindingLookupBus"/> and
/// <see cref="IRawHeaderBus"/>. Each says what is so without it.
/// </summary>
[Experimental("DUCTAPE001")]
public abstract class TransportBus
{
    /// <summary>A bus, with the capabilities whose interfaces its class implements.</summary>
    protected TransportBus() => Capabilities = new BusCapabilities(this);

    /// <summary>The bus.</summary>
    public abstract IBus Bus { get; }

    /// <summary>
    /// What topics are published by. Default: <see cref="Bus"/>; <see cref="TopicPublishEndpoints"/> serves any number
    /// of topics.
    /// </summary>
    public virtual IPublishEndpoint PublishEndpoint => Bus;

    /// <summary>What is so of the bus. Default: nothing of it.</summary>
    public virtual BusTraits Traits => BusTraits.None;

    /// <summary>What does not work although the broker is connected.</summary>
    public TransportTroubles Troubles { get; } = new();

    internal BusCapabilities Capabilities { get; }

    /// <summary>
    /// Tries once to reach the broker, and starts the bus where it is not started. Called again after each loss.
    /// </summary>
    /// <returns>
    /// A task that completes with the reason when this connection is lost; never, where there is none to lose.
    /// </returns>
    public abstract Task<Task<string>> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Prepares a topic; called once per topic, before the first publish or subscription, and again when a reload
    /// changes the topic of a bus that <see cref="BusTraits.HoldsMessages"/>. Default: nothing.
    /// </summary>
    public virtual void DeclareTopic(TopicTopology topic)
    {
    }

    /// <summary>Configures the receive endpoint of a subscription. Default: nothing.</summary>
    public virtual void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
    {
    }

    /// <summary>Stops the bus and its receive endpoints.</summary>
    public abstract Task StopAsync(CancellationToken cancellationToken);
}
