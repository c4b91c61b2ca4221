using System.Text.Json.Serialization;

namespace Ductape.MassTransit;

/// <summary>The <c>input</c> of a subscribe.</summary>
public sealed record SubscribeInput
{
    /// <summary>
    /// Handles a message. Required. The message is acknowledged when the task completes; when it fails, the topic's
    /// <c>Retry</c> applies, and then the message goes to the queue's <c>_error</c> queue. Called concurrently, up to
    /// the topic's concurrency.
    /// </summary>
    [JsonIgnore]
    public Func<ReceivedMessage, Task>? Callback { get; init; }

    /// <summary>
    /// A name for a second, independent subscription of the same product: it has its own queue and receives every
    /// message too. Default: none, the product's one queue, for which its instances compete.
    /// </summary>
    [JsonPropertyName("subscription")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subscription { get; init; }

    /// <summary>
    /// True for a queue of this process alone that goes away with it: messages published while it is not subscribed are
    /// not kept. Default: false.
    /// </summary>
    [JsonPropertyName("ephemeral")]
    public bool Ephemeral { get; init; }
}
