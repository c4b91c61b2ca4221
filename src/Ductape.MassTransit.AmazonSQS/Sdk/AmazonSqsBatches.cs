using System.Runtime.CompilerServices;
using Amazon.SQS.Model;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// The places of messages in the batch that a FIFO queue gave them out in. MassTransit starts those of a batch side by
/// side; other batches cannot come in between, since SQS gives out no more of a group before these are deleted.
/// </summary>
internal sealed class AmazonSqsBatches
{
    private readonly ConditionalWeakTable<Message, object> _places = [];

    public void Number(List<Message>? batch)
    {
        for (var i = 0; i < (batch?.Count ?? 0); i++)
            _places.Add(batch![i], new DeliveryNumber(batch, (ulong)i + 1));
    }

    public DeliveryNumber? Find(Message message) => _places.TryGetValue(message, out var place) ? (DeliveryNumber)place : null;
}
