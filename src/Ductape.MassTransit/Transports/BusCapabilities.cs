namespace Ductape.MassTransit.Transports;

/// <summary>
/// What a bus can do beside its base: asked once for each bus, so that nothing on the way of a message has to ask.
/// </summary>
internal sealed class BusCapabilities(TransportBus bus)
{
    public IBlockableBus? Blockable { get; } = bus as IBlockableBus;

    public IReceiveConnectionBus? ReceiveConnection { get; } = bus as IReceiveConnectionBus;

    public ITopicPreparingBus? TopicPreparing { get; } = bus as ITopicPreparingBus;

    public IExistingQueueBus? ExistingQueues { get; } = bus as IExistingQueueBus;

    public ISendConfiguringBus? SendConfiguring { get; } = bus as ISendConfiguringBus;

    public IOrderedDeliveryBus? DeliveryNumbers { get; } = bus as IOrderedDeliveryBus;

    public IDeliveryReturningBus? DeliveryReturning { get; } = bus as IDeliveryReturningBus;

    public IDeadLetterBus? DeadLetterQueues { get; } = bus as IDeadLetterBus;

    public IPublishFaultBus? PublishFaults { get; } = bus as IPublishFaultBus;

    public IRefusalBus? Refusals { get; } = bus as IRefusalBus;

    public IBindingLookupBus? BindingLookup { get; } = bus as IBindingLookupBus;

    public IRawHeaderBus? RawHeaders { get; } = bus as IRawHeaderBus;

    /// <summary>Delivers a message again later; null where the bus cannot.</summary>
    public Func<DelayedMessage, Task>? Redeliver => bus switch
    {
        IRedeliveringBus { CanRedeliver: true } redelivering => redelivering.RedeliverAsync,
        IRedeliveringBus => null,
        _ => DelayedSend.SendAsync,
    };

    /// <summary>Whether the broker refuses for good; false where nobody can tell.</summary>
    public bool IsRefusal(Exception exception) => Refusals?.IsRefusal(exception) == true;
}
