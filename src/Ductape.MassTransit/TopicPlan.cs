using System.Collections.Immutable;

namespace Ductape.MassTransit;

/// <summary>A topic in one environment, as it would be if that environment were in use.</summary>
public sealed record TopicPlan
{
    /// <summary>Where the topic is in the configuration.</summary>
    public required string Path { get; init; }

    /// <summary>Where the settings of the broker's environment are in the configuration.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The product.</summary>
    public required string ProductTag { get; init; }

    /// <summary>The environment.</summary>
    public required string Env { get; init; }

    /// <summary>The broker type, a constant of <see cref="BrokerTypes"/>.</summary>
    public required string BrokerType { get; init; }

    /// <summary>The name of the exchange, SNS topic or Service Bus topic, or of the existing queue.</summary>
    public required string Entity { get; init; }

    /// <summary>The name of the product's queue.</summary>
    public required string Queue { get; init; }

    /// <summary>
    /// Whether <see cref="Entity"/> and <see cref="Queue"/> are one existing queue that every message goes to.
    /// </summary>
    public required bool IsExistingQueue { get; init; }

    /// <summary>The queues of the declared subscribers, which a publisher declares too.</summary>
    public required IReadOnlyList<string> SubscriberQueues { get; init; }

    /// <summary>What travels.</summary>
    public required MessageFormat Format { get; init; }

    /// <summary>The largest payload in bytes as it is configured, or null where it is not.</summary>
    public required int? MaxMessageSize { get; init; }

    /// <summary>For how long copies of a message are to be dropped, or null.</summary>
    public required TimeSpan? Deduplicate { get; init; }

    /// <summary>Whether messages with the same partition key are to be handled in order.</summary>
    public required bool Ordered { get; init; }

    /// <summary>How long the waits between the attempts at a message are together.</summary>
    public required TimeSpan LongestRetry { get; init; }

    /// <summary>The waits in the broker before each redelivery.</summary>
    public required IReadOnlyList<TimeSpan> Redelivery { get; init; }

    /// <summary>What is asked for where no queue would get a message.</summary>
    public required OnUnroutable OnUnroutable { get; init; }

    /// <summary>
    /// Who makes exchange and queues, as the topic says; null where that is up to the broker's settings.
    /// </summary>
    public DeclareMode? Declare { get; init; }

    /// <summary>The arguments of the topic's durable queues, as they are configured.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The settings of the broker in this environment.</summary>
    public required TransportSettings Settings { get; init; }
}
