namespace Ductape.MassTransit;

/// <summary>The one consumer type: hands a message of a topic to the subscription that its queue has at the moment.</summary>
internal sealed class TopicConsumer<TMessage>(SubscriptionSlot slot) : IConsumer<TMessage>
    where TMessage : TopicMessage
{
    public Task Consume(ConsumeContext<TMessage> context)
    {
        // MassTransit reads an empty body as {}, which nobody published.
        if (context.ReceiveContext.Body.Length == 0)
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput, "the message has an empty body, which is not JSON.");

        context.Message.SerializerOptions = slot.Current?.SerializerOptions;
        return slot.DeliverAsync(context, context.Message.Body);
    }
}
