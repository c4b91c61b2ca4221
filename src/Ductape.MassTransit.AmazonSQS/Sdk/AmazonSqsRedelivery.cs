using Amazon.SQS.Model;
using Ductape.MassTransit.Transports;
using MassTransit.AmazonSqsTransport;

namespace Ductape.MassTransit;

/// <summary>Sends copies of received messages back to their queue, where SQS hides them for a while.</summary>
internal static class AmazonSqsRedelivery
{
    /// <summary>Puts a copy of a received message back; complete when SQS has it.</summary>
    /// <exception cref="NotSupportedException">The queue is a FIFO queue.</exception>
    public static Task PutAsync(DelayedMessage message)
    {
        var queue = message.Endpoint.Queue;
        if (AmazonSqsCopy.IsFifo(queue))
            throw new NotSupportedException($"the FIFO queue '{queue}' does not hold single messages back; leave Redelivery out of the topic");

        var headers = message.Headers.Select(x => KeyValuePair.Create(x.Key, (object?)x.Value))
            .Append(KeyValuePair.Create(AmazonSqsDelay.DueHeader, (object?)AmazonSqsDelay.DueAfter(message.Delay, TimeProvider.System.GetUtcNow())));
        return PutAsync(message.Context.ReceiveContext, queue, message.Delay, headers);
    }

    /// <summary>Puts a copy of a received message back with other headers.</summary>
    public static Task PutAsync(ReceiveContext received, string queue, TimeSpan wait, IEnumerable<KeyValuePair<string, object?>> headers)
    {
        var original = received.GetPayload<AmazonSqsMessageContext>().TransportMessage;
        return received.GetPayload<ClientContext>().SendMessage(queue, new SendMessageBatchRequestEntry("", original.Body)
        {
            MessageAttributes = AmazonSqsCopy.AttributesOf(original, headers),
            DelaySeconds = AmazonSqsDelay.SecondsOf(wait),
        }, received.CancellationToken);
    }
}
