namespace Ductape.MassTransit;

/// <summary>The MassTransit bus behind one connection, and what only its transport knows how to do with it.</summary>
public abstract class TransportBus
{
    /// <summary>The bus.</summary>
    public abstract IBus Bus { get; }

    /// <summary>Whether the broker itself removes an ephemeral queue when its consumer stops. Default: false.</summary>
    public virtual bool RemovesEphemeralQueues => false;

    /// <summary>
    /// Whether an endpoint without a subscription is left running and its messages wait inside it, instead of stopping it. For
    /// transports whose endpoints are cheap to keep and costly to start. Default: false.
    /// </summary>
    public virtual bool KeepsEndpointsRunning => false;

    /// <summary>
    /// Whether the messages are in the bus itself, or the bus is not this library's, so that no other bus could take its place when a reload
    /// changes a topic. Default: false.
    /// </summary>
    public virtual bool HoldsMessages => false;

    /// <summary>
    /// Tries once to reach the broker, and starts the bus where it is not started. Called again after each loss.
    /// </summary>
    /// <returns>A task that completes with the reason when this connection is lost; never, where there is none to lose.</returns>
    public abstract Task<Task<string>> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Prepares a topic; called once per topic, before the first publish or subscription. Default: nothing.</summary>
    public virtual void DeclareTopic(TopicTopology topic)
    {
    }

    /// <summary>Configures the receive endpoint of a subscription. Default: nothing.</summary>
    public virtual void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
    {
    }

    /// <summary>Whether an exception means that the broker refuses for good, so that trying again cannot help. Default: false.</summary>
    public virtual bool IsRefusal(Exception exception) => false;

    /// <summary>Stops the bus and its receive endpoints.</summary>
    public abstract Task StopAsync(CancellationToken cancellationToken);
}
