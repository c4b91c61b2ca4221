namespace Ductape.MassTransit.Topics;

/// <summary>Where MassTransit lets a publish set up its context.</summary>
internal sealed class OutgoingPipe<TMessage>(IOutgoingMessage outgoing) : IPipe<PublishContext<TMessage>>, IPipe<SendContext<TMessage>>
    where TMessage : class
{
    // MassTransit would name the base type too, which no peer can do anything with.
    private static readonly string[] MessageTypes = [MessageUrn.ForTypeString<TMessage>()];

    public Task Send(PublishContext<TMessage> context) => Send((SendContext<TMessage>)context);

    public Task Send(SendContext<TMessage> context)
    {
        context.SupportedMessageTypes = MessageTypes;
        outgoing.Apply(context);
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateScope("ductape");
}
