using Ductape.MassTransit.RabbitMQ.Channels;
using Ductape.MassTransit.RabbitMQ.Declaring;
using MassTransit.RabbitMqTransport;

namespace Ductape.MassTransit.RabbitMQ.Receiving;

/// <summary>Gives a receive endpoint a <see cref="RabbitMqEndpointChannel"/>.</summary>
/// <param name="opened">Is told of each channel, before it has a consumer.</param>
/// <param name="closed">Is told of its end.</param>
/// <param name="passive">What takes the place of declarations, or null.</param>
internal sealed class RabbitMqEndpointChannelFilter(Action<RabbitMqEndpointChannel> opened, Action closed, RabbitMqPassiveDeclaration? passive) : IFilter<ChannelContext>
{
    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        var channel = new RabbitMqEndpointChannel(context, passive);
        opened(channel);
        try
        {
            await next.Send(channel).ConfigureAwait(false);
        }
        finally
        {
            closed();
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("endpointChannel");
}
