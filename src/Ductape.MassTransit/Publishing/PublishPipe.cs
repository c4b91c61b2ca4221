namespace Ductape.MassTransit;

/// <summary>Where MassTransit lets a publish set up its context.</summary>
internal sealed class PublishPipe<TMessage>(PublishCall call) : IPipe<PublishContext<TMessage>>
    where TMessage : class
{
    public Task Send(PublishContext<TMessage> context)
    {
        call.Apply(context);
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateScope("ductape");
}
