using System.Text.Json.Serialization;

namespace Ductape.MassTransit;

/// <summary>One value of a cache: a publish that is not sent again until it expires.</summary>
public sealed record CachedValue
{
    /// <summary>
    /// Identifies the value in its cache: a hash of the environment, the event, the session user and the message.
    /// </summary>
    [JsonPropertyName("key")]
    public required string Key { get; init; }

    /// <summary>The tag of the cache.</summary>
    [JsonPropertyName("cache_tag")]
    public required string CacheTag { get; init; }

    /// <summary>The product that published.</summary>
    [JsonPropertyName("product_tag")]
    public required string ProductTag { get; init; }

    /// <summary>The environment.</summary>
    [JsonPropertyName("env")]
    public required string Env { get; init; }

    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    [JsonPropertyName("event")]
    public required string Event { get; init; }

    /// <summary>The publish that was sent, <see cref="PublishResult.ProcessId"/>.</summary>
    [JsonPropertyName("process_id")]
    public required Guid ProcessId { get; init; }

    /// <summary>The message that was sent, <see cref="PublishResult.MessageId"/>.</summary>
    [JsonPropertyName("message_id")]
    public required string MessageId { get; init; }

    /// <summary>Since when it is kept (UTC).</summary>
    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it is kept (UTC).</summary>
    [JsonPropertyName("expiry")]
    public required DateTimeOffset ExpiresAt { get; init; }
}
