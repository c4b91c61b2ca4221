namespace Ductape.MassTransit;

/// <summary>A subscription of this process at one moment.</summary>
public sealed record SubscriptionDescription
{
    /// <summary>The id, unique in the process: <see cref="ISubscription.Id"/>. A reload does not change it.</summary>
    public required string Id { get; init; }

    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The environment.</summary>
    public required string Env { get; init; }

    /// <summary>The product that receives.</summary>
    public required string ProductTag { get; init; }

    /// <summary>The name of the queue that it reads.</summary>
    public required string Queue { get; init; }

    /// <summary>The connection in words, without secrets.</summary>
    public required string Connection { get; init; }

    /// <summary>What it does at the moment.</summary>
    public required SubscriptionState State { get; init; }

    /// <summary>
    /// Why it is <see cref="SubscriptionState.Refused"/> or <see cref="SubscriptionState.Tripped"/>, without secrets;
    /// null in other states.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>When it was subscribed (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How many callbacks run at the moment.</summary>
    public required long InFlight { get; init; }

    /// <summary>
    /// How many callbacks succeeded since <see cref="StartedAt"/>. A copy that <see cref="TopicOptions.Deduplicate"/>
    /// drops has none, and does not count.
    /// </summary>
    public required long Handled { get; init; }

    /// <summary>
    /// How many attempts failed since <see cref="StartedAt"/>, because the callback threw or the session of the message
    /// was refused. A message that is tried again counts once for each attempt that failed.
    /// </summary>
    public required long Failed { get; init; }
}
