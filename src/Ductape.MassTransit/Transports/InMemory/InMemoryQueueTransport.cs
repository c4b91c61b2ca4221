using MassTransit.InMemoryTransport;
using MassTransit.Transports;

namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>Starts an <see cref="InMemoryReceiver"/> on a queue of MassTransit's in-memory fabric.</summary>
internal sealed class InMemoryQueueTransport(InMemoryReceiveEndpointContext context, string queue) : IReceiveTransport
{
    public ReceiveTransportHandle Start()
    {
        context.ConfigureTopology();
        var dead = new InMemoryMessageDeadLetterTransport(context.MessageFabric.GetExchange(
            context.TransportContext, context.Send.DeadLetterQueueNameFormatter.FormatDeadLetterQueueName(queue)));
        context.AddOrUpdatePayload<IDeadLetterTransport>(() => dead, _ => dead);
        var errors = new InMemoryMessageErrorTransport(context.MessageFabric.GetExchange(
            context.TransportContext, context.Send.ErrorQueueNameFormatter.FormatErrorQueueName(queue)));
        context.AddOrUpdatePayload<IErrorTransport>(() => errors, _ => errors);
        return new InMemoryReceiver(context, context.MessageFabric.GetQueue(context.TransportContext, queue));
    }

    public void Probe(ProbeContext probe) => probe.CreateScope("receiveTransport").Add("type", "InMemory");

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) => context.ConnectReceiveTransportObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);
}
