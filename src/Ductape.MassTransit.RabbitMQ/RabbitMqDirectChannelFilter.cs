using MassTransit.RabbitMqTransport;

namespace Ductape.MassTransit;

/// <summary>Gives a receive endpoint a <see cref="RabbitMqDirectChannel"/>.</summary>
/// <param name="opened">Is told of each channel, before it has a consumer.</param>
internal sealed class RabbitMqDirectChannelFilter(Action<RabbitMqDirectChannel> opened) : IFilter<ChannelContext>
{
    public Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        var channel = new RabbitMqDirectChannel(context);
        opened(channel);
        return next.Send(channel);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("directChannel");
}
