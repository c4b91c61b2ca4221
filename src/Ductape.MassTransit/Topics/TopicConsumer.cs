namespace Ductape.MassTransit;

/// <summary>The one consumer type: hands a message of a topic to the subscription that its queue has at the moment.</summary>
internal sealed class TopicConsumer<TMessage>(SubscriptionSlot slot) : IConsumer<TMessage>
    where TMessage : TopicMessage
{
    public Task Consume(ConsumeContext<TMessage> context) => slot.DeliverAsync(context, context.Message.Body);
}
