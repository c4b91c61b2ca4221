using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>A topic of a broker, as it is configured.</summary>
internal sealed record TopicConfig
{
    public required string Tag { get; init; }

    public required string? Name { get; init; }

    public required string? Description { get; init; }

    public required JsonNode? Sample { get; init; }

    public required RetryConfig Retry { get; init; }

    /// <summary>The products that are declared to receive it.</summary>
    public required ImmutableArray<string> Subscribers { get; init; }

    /// <summary>How many messages may wait in this process; null for what the broker's settings say.</summary>
    public required int? Prefetch { get; init; }

    /// <summary>How many callbacks may run at once; null for what the broker's settings say.</summary>
    public required int? Concurrency { get; init; }

    /// <summary>For how long copies of a message are dropped, or null.</summary>
    public required TimeSpan? Deduplicate { get; init; }

    /// <summary>What holds in environments that the topic does not name.</summary>
    public required TopicEnvConfig Everywhere { get; init; }

    public required FrozenDictionary<string, TopicEnvConfig> Envs { get; init; }

    public required TopicSessionConfig Sessions { get; init; }

    /// <summary>Equal for topics whose endpoints are configured alike.</summary>
    public required Lazy<string> Fingerprint { get; init; }

    /// <summary>What messages are checked against, or null where they are not.</summary>
    public required TopicCheckConfig? Check { get; init; }

    public required TopicFlowConfig Flow { get; init; }

    public OnUnroutable OnUnroutable { get; init; }

    /// <summary>Who makes the queues; null for what the settings say.</summary>
    public DeclareMode? Declare { get; init; }

    /// <summary>Arguments of the durable queues.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>How long the waits between the attempts are together.</summary>
    public TimeSpan LongestRetry => Retry.Delays.Aggregate(TimeSpan.Zero, (sum, x) => sum + x);

    /// <summary>What the topic says for an environment: there, else for all of them.</summary>
    public TopicEnvConfig EnvOf(string env) => Envs.GetValueOrDefault(env, Everywhere);

    /// <summary>
    /// The broker environment as this topic sees it: at the topic's own queue URL, where it has one that the transport
    /// can use.
    /// </summary>
    public BrokerEnvConfig AtOwnQueueUrl(BrokerEnvConfig env) =>
        env.Transport is IQueueUrlTransport transport && EnvOf(env.Env).QueueUrl is { } url && transport.AtQueueUrl(env.Settings!, url) is { } settings
            ? env with { Settings = settings }
            : env;
}

internal sealed record TopicEnvConfig(string? Entity, string? Queue, string? RoutingKey, string? ExchangeType, string? QueueUrl = null);
