using System.Text.Json;

namespace Ductape.MassTransit.Testing;

/// <summary>A message that a <see cref="RecordingMessageBroker"/> was given. Does not change.</summary>
public sealed class RecordedMessage
{
    private readonly MessageContent _content;

    internal RecordedMessage(MessageContent content, MessageBrokerPublishInput input, string product) =>
        (_content, ProductTag, Session, Cache, IdempotencyKey) = (content, product, input.Session, input.Cache, input.Input!.IdempotencyKey);

    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    public string Event => _content.Event;

    /// <summary>The environment.</summary>
    public string Env => _content.Env;

    /// <summary>The product that published.</summary>
    public string ProductTag { get; }

    /// <summary>The payload, UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Body => _content.Body;

    /// <summary>The headers as receivers see them.</summary>
    public IReadOnlyDictionary<string, object?> Headers => _content.Headers;

    /// <summary>Who acted, as the publisher gave it; nothing verified it. Null for nobody.</summary>
    public SessionInput? Session { get; }

    /// <summary>The tag of the cache that was named, or null.</summary>
    public string? Cache { get; }

    /// <summary>The idempotency key, or null.</summary>
    public string? IdempotencyKey { get; }

    /// <summary>The partition key that was given, or null.</summary>
    public string? PartitionKey => _content.PartitionKey;

    /// <summary>The id of the message.</summary>
    public string MessageId => _content.MessageId;

    /// <summary>The id of the publish.</summary>
    public Guid ProcessId => _content.ProcessId;

    /// <summary>When it was published (UTC).</summary>
    public DateTimeOffset SentAt => _content.SentAt;

    internal MessageContent Content => _content;

    /// <summary>The payload as a <typeparamref name="T"/>.</summary>
    /// <exception cref="JsonException">The payload is not a <typeparamref name="T"/>.</exception>
    public T As<T>() => JsonSerializer.Deserialize<T>(Body.Span, _content.SerializerOptions)!;
}
