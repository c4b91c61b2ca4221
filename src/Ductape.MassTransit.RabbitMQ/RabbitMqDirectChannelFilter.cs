using MassTransit.RabbitMqTransport;

namespace Ductape.MassTransit;

/// <summary>Gives a receive endpoint a <see cref="RabbitMqDirectChannel"/>.</summary>
internal sealed class RabbitMqDirectChannelFilter : IFilter<ChannelContext>
{
    public Task Send(ChannelContext context, IPipe<ChannelContext> next) => next.Send(new RabbitMqDirectChannel(context, null));

    public void Probe(ProbeContext context) => context.CreateFilterScope("directChannel");
}
