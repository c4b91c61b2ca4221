namespace Ductape.MassTransit.Topics;

/// <summary>The one consumer type: hands each message of a topic on.</summary>
internal sealed class TopicConsumer<TMessage>(Func<ConsumeContext, TopicMessage, Task> deliver) : IConsumer<TMessage>
    where TMessage : TopicMessage
{
    public Task Consume(ConsumeContext<TMessage> context) =>
        // MassTransit reads an empty body as {}, which nobody published.
        context.ReceiveContext.Body.Length == 0
            ? throw new DuctapeException(DuctapeErrorCodes.InvalidInput, "the message has an empty body, which is not JSON.")
            : deliver(context, context.Message);
}
