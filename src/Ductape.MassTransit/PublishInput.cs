using System.Text.Json.Serialization;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit;

/// <summary>The <c>input</c> of a publish: the message and what travels beside it.</summary>
public sealed record PublishInput
{
    /// <summary>
    /// The payload (<c>message</c>). Required. Any JSON-serializable value, a <c>JsonNode</c>, <c>JsonElement</c> or
    /// <c>JsonDocument</c>, or UTF-8 JSON as <c>byte[]</c>, <c>ReadOnlyMemory&lt;byte&gt;</c> or
    /// <c>Memory&lt;byte&gt;</c>, which is checked to be JSON and passed through untouched (white space around it is no
    /// part of it). At most 60 levels deep. A topic may replace references in its strings
    /// (<see cref="TopicOptions.ResolveReferences"/>) and check it (<see cref="TopicOptions.Validate"/>).
    /// </summary>
    [JsonPropertyName("message")]
    [JsonConverter(typeof(MessageValueConverter))]
    public object? Message { get; init; }

    /// <summary>What <see cref="Message"/> was declared as by a generic call, or null.</summary>
    [JsonIgnore]
    internal Type? DeclaredType { get; init; }

    /// <summary>
    /// Headers that travel with the message: strings, numbers, booleans, dates, GUIDs and URIs. Names that begin with
    /// <c>ductape-</c> or <c>MT-</c>, or look as if they did, are reserved. They count to the size of the message, and
    /// brokers limit them besides: <see cref="DuctapeErrorCodes.MessageTooLarge"/>. With the format
    /// <see cref="MessageFormat.Json"/> a boolean travels as the text <c>true</c> or <c>false</c>.
    /// </summary>
    [JsonPropertyName("headers")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, object?>? Headers { get; init; }

    /// <summary>
    /// The id of the message, a GUID. Default: a new one. Give one to publish the same message again under the same id,
    /// so that receivers can tell. Null and blank mean the default; another text is
    /// <see cref="DuctapeErrorCodes.InvalidInput"/>.
    /// </summary>
    [JsonPropertyName("message_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MessageId { get; init; }

    /// <summary>
    /// A key of the caller's choice (<c>idempotency_key</c>), any text: a second publish of the same product,
    /// environment, event and session user under the same key within <see cref="DuctapeOptions.IdempotencyWindow"/>
    /// sends nothing and gets the first one's result, with <see cref="PublishResult.Cached"/>. With another message it
    /// is <see cref="DuctapeErrorCodes.InvalidInput"/>; the order of properties and white space make no other message,
    /// and headers do not count. Optional; null and blank mean none.
    /// </summary>
    [JsonPropertyName("idempotency_key")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// The partition key (<c>partition_key</c>), at most 128 characters: a topic that is handled in order
    /// (<see cref="TopicOptions.Ordered"/>) handles messages with the same key one after the other. Receivers find it
    /// in <see cref="ReceivedMessage.PartitionKey"/>. Optional; null and blank mean what
    /// <see cref="TopicOptions.PartitionKey"/> finds in the message.
    /// </summary>
    [JsonPropertyName("partition_key")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PartitionKey { get; init; }
}
