using System.Text.Json.Serialization;

namespace Ductape.MassTransit;

/// <summary>
/// What to subscribe to and on whose behalf: Ductape's <c>IMessageBrokerSubscribeInput</c>. Reads and writes Ductape's
/// own field names with plain <c>System.Text.Json</c>, save for the callback, which is code.
/// </summary>
public sealed record MessageBrokerSubscribeInput
{
    /// <summary>The environment (<c>env</c>). Required; null or blank falls back to <c>Ductape:Env</c>.</summary>
    [JsonPropertyName("env")]
    public string? Env { get; init; }

    /// <summary>The event (<c>event</c>), <c>brokerTag:topicTag</c>. Required.</summary>
    [JsonPropertyName("event")]
    public string? Event { get; init; }

    /// <summary>
    /// The product that receives (<c>product_tag</c>). Required; null or blank falls back to <c>Ductape:Product</c>.
    /// </summary>
    [JsonPropertyName("product_tag")]
    public string? ProductTag { get; init; }

    /// <summary>The callback and how it subscribes (<c>input</c>). Required.</summary>
    [JsonPropertyName("input")]
    public SubscribeInput? Input { get; init; }

    /// <summary>Who acts (<c>session</c>). Optional; null and <c>{}</c> mean nobody.</summary>
    [JsonPropertyName("session")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SessionInput? Session { get; init; }
}
