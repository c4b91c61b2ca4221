using System.Globalization;
using System.Text;
using Amazon.SQS;
using Amazon.SQS.Model;
using MassTransit.AmazonSqsTransport;
using MassTransit.AmazonSqsTransport.Topology;

namespace Ductape.MassTransit;

/// <summary>
/// Moves a message that failed for good to its <c>_error</c> queue with everything that is known of the failure.
/// MassTransit's own way makes an attribute of each header, and AWS refuses a message with more than ten.
/// </summary>
internal sealed class AmazonSqsErrorFilter(QueueEntity errorQueue) : IFilter<ExceptionReceiveContext>
{
    private const int MostAttributes = 10;

    // What tools that know MassTransit look for, the more telling first, as far as there is room.
    private static readonly string[] Apart =
        [MessageHeaders.Reason, MessageHeaders.FaultExceptionType, MessageHeaders.FaultMessage, MessageHeaders.FaultTimestamp, MessageHeaders.FaultInputAddress];

    private const int LongestApart = 512;

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        context.ExceptionHeaders.SetHostHeaders();
        var client = context.GetPayload<ClientContext>();
        await client.CreateQueue(errorQueue, context.CancellationToken).ConfigureAwait(false);

        var original = context.GetPayload<AmazonSqsMessageContext>().TransportMessage;
        var entry = new SendMessageBatchRequestEntry("", original.Body)
        {
            MessageAttributes = AmazonSqsCopy.AttributesOf(original, [KeyValuePair.Create(AmazonSqsDelay.DueHeader, (object?)null)]),
        };
        var group = AmazonSqsCopy.SystemTextOf(original, MessageSystemAttributeName.MessageGroupId);
        var packed = AddFailure(entry, TextsOf(context, group));
        if (AmazonSqsCopy.IsFifo(errorQueue.EntityName))
        {
            // A group of its own where the group is kept elsewhere: behind ten of one group SQS shows no more of it.
            entry.MessageGroupId = packed ? original.MessageId : group ?? original.MessageId;
            entry.MessageDeduplicationId = original.MessageId;
        }

        await client.SendMessage(errorQueue.EntityName, entry, context.CancellationToken).ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("moveFault");

    /// <summary>Adds what fits into the message beside what it has; whether that is the failure whole.</summary>
    private static bool AddFailure(SendMessageBatchRequestEntry entry, IReadOnlyDictionary<string, string> failure)
    {
        var attributes = entry.MessageAttributes;
        var size = Encoding.UTF8.GetByteCount(entry.MessageBody) + attributes.Sum(x => AmazonSqsFailure.SizeOf(x.Key, x.Value.StringValue ?? ""));
        var left = (size <= AmazonSqsMessageLimits.DefaultLimit ? AmazonSqsMessageLimits.DefaultLimit : AmazonSqsMessageLimits.QueueLimit) - size;
        var packed = attributes.Count < MostAttributes ? AmazonSqsFailure.Pack(failure, left) : null;
        if (packed is not null)
        {
            attributes[AmazonSqsFailure.Name] = AmazonSqsCopy.Text(packed);
            left -= AmazonSqsFailure.SizeOf(AmazonSqsFailure.Name, packed);
        }

        foreach (var name in Apart)
        {
            if (attributes.Count >= MostAttributes || !failure.TryGetValue(name, out var value) || value.Length > LongestApart
                || !AmazonSqsFailure.IsTaken(value) || AmazonSqsFailure.SizeOf(name, value) > left)
                continue;

            attributes[name] = AmazonSqsCopy.Text(value);
            left -= AmazonSqsFailure.SizeOf(name, value);
        }

        return packed is not null;
    }

    private static Dictionary<string, string> TextsOf(ExceptionReceiveContext context, string? group)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in context.ExceptionHeaders.GetAll())
        {
            var text = value is DateTime time ? time.ToString("O", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture);
            if (!string.IsNullOrEmpty(text))
                texts[name] = text;
        }

        if (group is not null)
            texts[AmazonSqsFailure.Group] = group;
        return texts;
    }
}
