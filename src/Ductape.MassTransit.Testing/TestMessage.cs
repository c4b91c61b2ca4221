using System.Text.Json;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit.Testing;

/// <summary>Makes messages for the unit test of an <see cref="ISubscriber{T}"/> or a callback. Thread-safe.</summary>
public static class TestMessage
{
    /// <summary>
    /// A message as a callback receives it. It is read by the same code as one from a broker, from MassTransit's own
    /// envelope; only a bus is missing: publishing or sending through its <see cref="ReceivedMessage.ConsumeContext"/>
    /// is a <see cref="NotSupportedException"/>.
    /// </summary>
    /// <param name="payload">The payload, as <see cref="PublishInput.Message"/>.</param>
    /// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
    /// <param name="product">The product that receives.</param>
    /// <param name="env">The environment.</param>
    /// <param name="headers">The headers that the publisher set.</param>
    /// <param name="session">Who acted. Default: nobody.</param>
    /// <param name="partitionKey">The partition key, at most 128 characters. Default: none, as blank.</param>
    /// <param name="attempt">Which attempt it is, from 1 to 1,000,001.</param>
    /// <param name="redeliveries">How often it came back after a delay, at most 20.</param>
    /// <param name="replays">How often it was replayed, at most 1,000,000.</param>
    /// <param name="messageId">The id, any text. Default: a new GUID.</param>
    /// <param name="processId">The id of the publish. Default: a new one.</param>
    /// <param name="sentAt">When it was made. Default: now.</param>
    /// <param name="serializerOptions">How the payload is written and read. Default: as
    /// <see cref="DuctapeOptions.SerializerOptions"/> are by default.</param>
    /// <param name="cancellationToken">The message's <see cref="ReceivedMessage.CancellationToken"/>.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>: the payload cannot be written
    /// as JSON or is null, the event is null or blank, a header or the partition key is one that a publish cannot have,
    /// or a number is out of range; <see cref="DuctapeErrorCodes.InvalidEvent"/>: the event is malformed.</exception>
    public static ReceivedMessage Of(
        object payload,
        string @event = "test:message",
        string product = "test",
        string env = "test",
        IReadOnlyDictionary<string, object?>? headers = null,
        TestSession? session = null,
        string? partitionKey = null,
        int attempt = 1,
        int redeliveries = 0,
        int replays = 0,
        string? messageId = null,
        Guid? processId = null,
        DateTimeOffset? sentAt = null,
        JsonSerializerOptions? serializerOptions = null,
        CancellationToken cancellationToken = default)
    {
        try
        {
            // What counts in a received message.
            CheckCount("attempt", attempt, 1, DeliveryHeaders.Attempts);
            CheckCount("redeliveries", redeliveries, 0, DeliveryHeaders.Redeliveries);
            CheckCount("replays", replays, 0, DeliveryHeaders.Replays);
            var options = serializerOptions ?? PayloadJson.DefaultOptions;
            return new MessageContent
            {
                Event = EventName.Parse(CallDefaults.Event(@event)).ToString(),
                Env = env,
                Body = MessageContent.ToBody(payload, null, options),
                Headers = MessageContent.Checked(headers),
                PartitionKey = MessageContent.Checked(partitionKey),
                MessageId = messageId ?? NewId.NextGuid().ToString(),
                ProcessId = processId ?? NewId.NextGuid(),
                SentAt = sentAt ?? TimeProvider.System.GetUtcNow(),
                SerializerOptions = options,
            }.ToMessage(product, session, attempt, redeliveries, replays, cancellationToken);
        }
        catch (DuctapeException exception)
        {
            throw exception.During(@event, env, product);
        }
    }

    private static void CheckCount(string name, int count, int first, string header)
    {
        if (DeliveryHeaders.CountIn((long)count - first, header) is null)
        {
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                $"'{name}' is {count}, and no received message has more than {DeliveryHeaders.MostOf(header) + first} or less than {first}.");
        }
    }
}
