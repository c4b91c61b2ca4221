using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>What a transport needs to know of a topic to declare it.</summary>
[Experimental("DUCTAPE001")]
public sealed record TopicTopology
{
    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The type that MassTransit routes the topic by.</summary>
    public required Type MessageType { get; init; }

    /// <summary>The name of the exchange, SNS topic or Service Bus topic.</summary>
    public required string Entity { get; init; }

    /// <summary>The routing key, or null.</summary>
    public string? RoutingKey { get; init; }

    /// <summary>The exchange type, or null for the transport's default.</summary>
    public string? ExchangeType { get; init; }

    /// <summary>The durable queues that must exist before the first publish.</summary>
    public IReadOnlyList<SubscriberQueue> SubscriberQueues { get; init; } = [];

    /// <summary>Whether messages with the same partition key are handled one after the other.</summary>
    public bool Ordered { get; init; }

    /// <summary>Whether exchange and queues are made; null for what the settings say.</summary>
    public DeclareMode? Declare { get; init; }

    /// <summary>Further arguments of the durable queues.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The settings of the broker in this environment.</summary>
    public required TransportSettings Settings { get; init; }

    /// <summary>For how long copies of a message are to be dropped, where the topic says so.</summary>
    public TimeSpan? Deduplicate { get; init; }

    /// <summary>
    /// How long the waits between the attempts at a message are together, while the broker keeps it locked.
    /// </summary>
    public TimeSpan LongestRetry { get; init; }
}

/// <summary>The durable queue of a declared subscriber.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">The subscriber's own settings of the broker where it is configured here, else those of the
/// publisher.</param>
[Experimental("DUCTAPE001")]
public sealed record SubscriberQueue(string Name, TransportSettings Settings)
{
    /// <summary>Whether the subscriber handles messages with the same partition key one after the other.</summary>
    public bool Ordered { get; init; }

    /// <summary>Further arguments of the queue.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = ImmutableDictionary<string, string>.Empty;
}
