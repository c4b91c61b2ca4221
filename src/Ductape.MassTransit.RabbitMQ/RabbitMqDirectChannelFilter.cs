using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Ductape.MassTransit;

/// <summary>Gives a receive endpoint a <see cref="RabbitMqDirectChannel"/>.</summary>
/// <param name="opened">Is told of each channel, before it has a consumer.</param>
internal sealed class RabbitMqDirectChannelFilter(Action<IChannel> opened) : IFilter<ChannelContext>
{
    public Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        opened(context.Channel);
        return next.Send(new RabbitMqDirectChannel(context));
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("directChannel");
}
