using System.Text.Json.Serialization;

namespace Ductape.MassTransit;

/// <summary>
/// What to publish, where and on whose behalf: Ductape's <c>IMessageBrokerPublishInput</c>. Reads and writes Ductape's
/// own field names with plain <c>System.Text.Json</c>.
/// </summary>
public sealed record MessageBrokerPublishInput
{
    /// <summary>The environment (<c>env</c>). Required; null or blank falls back to <c>Ductape:Env</c>.</summary>
    [JsonPropertyName("env")]
    public string? Env { get; init; }

    /// <summary>The event (<c>event</c>), <c>brokerTag:topicTag</c>. Required.</summary>
    [JsonPropertyName("event")]
    public string? Event { get; init; }

    /// <summary>
    /// The product that publishes (<c>product_tag</c>). Required; null or blank falls back to <c>Ductape:Product</c>.
    /// </summary>
    [JsonPropertyName("product_tag")]
    public string? ProductTag { get; init; }

    /// <summary>The message (<c>input</c>). Required.</summary>
    [JsonPropertyName("input")]
    public PublishInput? Input { get; init; }

    /// <summary>
    /// The tag of the cache to use (<c>cache</c>), configured under the product's <c>Caches</c>: the same product,
    /// environment, event, session user and message within the cache's <see cref="CacheOptions.Expiry"/> is sent once,
    /// and later calls get the first one's result, with <see cref="PublishResult.Cached"/>. The order of properties and
    /// white space make no other message, and headers do not count. Optional; null and blank mean none.
    /// </summary>
    [JsonPropertyName("cache")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cache { get; init; }

    /// <summary>Who acts (<c>session</c>). Optional; null and <c>{}</c> mean nobody.</summary>
    [JsonPropertyName("session")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SessionInput? Session { get; init; }
}
