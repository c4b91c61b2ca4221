using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit;

/// <summary>What a publish that succeeded says. The broker has the message once a publish returns.</summary>
public sealed record PublishResult
{
    private readonly MessageIdText _messageId;

    /// <summary>A result whose properties are still to be set.</summary>
    public PublishResult()
    {
    }

    /// <summary>What a publish on a route says. The id becomes a text when it is read.</summary>
    [SetsRequiredMembers]
#pragma warning disable CS8618 // MessageId is made of the field.
    internal PublishResult(Guid messageId, RouteDescription route)
#pragma warning restore CS8618
    {
        _messageId = new MessageIdText(messageId);
        Event = route.Event;
        Env = route.Env;
        ProductTag = route.ProductTag;
        BrokerType = route.BrokerType;
        Destination = route.Entity;
    }

    /// <summary>Always true: a publish that fails throws a <see cref="DuctapeException"/>.</summary>
    [JsonPropertyName("success")]
    public bool Success { get; init; } = true;

    /// <summary>How far the message is. <value>Default: <see cref="PublishStatus.Published"/>.</value></summary>
    [JsonPropertyName("status")]
    public PublishStatus Status { get; init; }

    /// <summary>
    /// The id of this operation, Ductape's <c>process_id</c>. It travels as MassTransit's correlation id, so receivers
    /// and traces have it too.
    /// </summary>
    [JsonPropertyName("process_id")]
    public required Guid ProcessId { get; init; }

    /// <summary>
    /// The id of the message, a GUID in its usual form, the same for every receiver and every redelivery.
    /// </summary>
    [JsonPropertyName("message_id")]
    public required string MessageId
    {
        get => _messageId.ToString();
        init => _messageId = new MessageIdText(value);
    }

    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    [JsonPropertyName("event")]
    public required string Event { get; init; }

    /// <summary>The environment.</summary>
    [JsonPropertyName("env")]
    public required string Env { get; init; }

    /// <summary>The product that published.</summary>
    [JsonPropertyName("product_tag")]
    public required string ProductTag { get; init; }

    /// <summary>
    /// The broker type, a constant of <see cref="BrokerTypes"/>; on a test harness still the configured one.
    /// </summary>
    [JsonPropertyName("broker_type")]
    public required string BrokerType { get; init; }

    /// <summary>The name of the exchange, SNS topic or Service Bus topic that the message went to.</summary>
    [JsonPropertyName("destination")]
    public required string Destination { get; init; }

    /// <summary>When the message was made (UTC).</summary>
    [JsonPropertyName("sent_at")]
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>
    /// True when nothing was sent, because the same message or idempotency key was published before: all else is then
    /// the first publish's.
    /// </summary>
    [JsonPropertyName("cached")]
    public bool Cached { get; init; }
}
