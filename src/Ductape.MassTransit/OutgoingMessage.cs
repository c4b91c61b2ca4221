namespace Ductape.MassTransit;

/// <summary>
/// A message on its way out, as an <see cref="IPublishFilter"/> sees it. Not for use by several threads at once.
/// </summary>
public sealed class OutgoingMessage
{
    internal OutgoingMessage()
    {
    }

    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The environment.</summary>
    public required string Env { get; init; }

    /// <summary>The product that publishes.</summary>
    public required string ProductTag { get; init; }

    /// <summary>The id of the message.</summary>
    public required string MessageId { get; init; }

    /// <summary>The partition key, or null.</summary>
    public required string? PartitionKey { get; init; }

    /// <summary>Who publishes, verified; null without a session.</summary>
    public required ReceivedSession? Session { get; init; }

    /// <summary>
    /// The headers that the publish gave; names are compared without regard to case. May be changed: what is there at
    /// the end is sent. The same rules hold as for <see cref="PublishInput.Headers"/>.
    /// </summary>
    public required IDictionary<string, object?> Headers { get; init; }

    /// <summary>The payload, UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The same message with another payload. The headers are shared.</summary>
    /// <param name="body">UTF-8 JSON, which must not change before the publish is complete. It is not checked against
    /// the topic's schema.</param>
    public OutgoingMessage WithBody(ReadOnlyMemory<byte> body) => new()
    {
        Event = Event,
        Env = Env,
        ProductTag = ProductTag,
        MessageId = MessageId,
        PartitionKey = PartitionKey,
        Session = Session,
        Headers = Headers,
        Body = body,
    };
}
