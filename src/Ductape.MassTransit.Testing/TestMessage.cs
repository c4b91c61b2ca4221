using System.Text.Json;
using Ductape.MassTransit.Json;

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
    /// <param name="partitionKey">The partition key. Default: none.</param>
    /// <param name="attempt">Which attempt it is, from 1.</param>
    /// <param name="redeliveries">How often it came back after a delay.</param>
    /// <param name="replays">How often it was replayed.</param>
    /// <param name="messageId">The id, any text. Default: a new GUID.</param>
    /// <param name="processId">The id of the publish. Default: a new one.</param>
    /// <param name="sentAt">When it was made. Default: now.</param>
    /// <param name="serializerOptions">How the payload is written and read. Default: as
    /// <see cref="DuctapeOptions.SerializerOptions"/> are by default.</param>
    /// <param name="cancellationToken">The message's <see cref="ReceivedMessage.CancellationToken"/>.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>: the payload cannot be written
    /// as JSON or is null, a header is one that a publish cannot have, or a number is out of range;
    /// <see cref="DuctapeErrorCodes.InvalidEvent"/>: the event is malformed.</exception>
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
        if (attempt < 1 || redeliveries < 0 || replays < 0)
        {
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                $"'attempt' is {attempt}, 'redeliveries' is {redeliveries}, 'replays' is {replays}: attempts count from 1, the others from 0.");
        }

        var options = serializerOptions ?? PayloadJson.DefaultOptions;
        return new MessageContent
        {
            Event = EventName.Parse(@event).ToString(),
            Env = env,
            Body = MessageContent.ToBody(payload, null, options),
            Headers = MessageContent.Checked(headers),
            PartitionKey = partitionKey,
            MessageId = messageId ?? NewId.NextGuid().ToString(),
            ProcessId = processId ?? NewId.NextGuid(),
            SentAt = sentAt ?? TimeProvider.System.GetUtcNow(),
            SerializerOptions = options,
        }.ToMessage(product, session, attempt, redeliveries, replays, cancellationToken);
    }
}
