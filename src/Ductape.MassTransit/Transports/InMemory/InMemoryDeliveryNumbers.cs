using MassTransit.InMemoryTransport;
using MassTransit.Transports.Fabric;

namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>
/// Stands between a topic and a queue of MassTransit's in-memory fabric, and numbers what goes through. The fabric
/// itself has no number that tells whether an earlier message is still under way.
/// </summary>
internal sealed class InMemoryDeliveryNumbers(IMessageSink<InMemoryTransportMessage> queue) : IMessageSink<InMemoryTransportMessage>
{
    public const string Header = "ductape-delivery-number";

    private readonly Lock _lock = new();
    private long _last;

    public static ulong? Find(ReceiveContext context) =>
        context.TransportHeaders.TryGetHeader(Header, out var number) && number is long place ? (ulong)place : null;

    public Task Deliver(DeliveryContext<InMemoryTransportMessage> context)
    {
        if (context.WasAlreadyDelivered(queue))
            return Task.CompletedTask;

        // One that comes later has its place later.
        if (context.EnqueueTime is not null)
            return queue.Deliver(context);

        // A copy, since other queues get the same message and number it otherwise. It must arrive: those after it wait
        // for it.
        var message = context.Message;
        var copy = new InMemoryTransportMessage(message.MessageId, message.Body, "") { RoutingKey = message.RoutingKey };
        foreach (var header in message.Headers.GetAll())
            copy.Headers.Set(header.Key, header.Value, true);
        context.Delivered(queue);
        // In the queue in the order of the numbers: as many readers as wait for an earlier one would leave none for
        // that. The queue has no limit, so nothing waits here.
        lock (_lock)
        {
            copy.Headers.Set(Header, (object)++_last, true);
            return queue.Deliver(new InMemoryDeliveryContext(copy, CancellationToken.None));
        }
    }

    public void Probe(ProbeContext context) => context.CreateScope("ductapeDeliveryNumbers");
}
