using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>The configuration as it was validated: immutable, and the same for everybody who holds it.</summary>
internal sealed record CatalogConfig(
    string? DefaultProduct,
    string? DefaultEnv,
    FrozenDictionary<string, ProductConfig> Products);

internal sealed record ProductConfig(
    string Tag,
    FrozenDictionary<string, BrokerConfig> Brokers,
    FrozenDictionary<string, SessionTypeConfig> Sessions,
    FrozenDictionary<string, TimeSpan> Caches);

internal sealed record BrokerConfig(
    string Tag,
    string? Name,
    string? Description,
    FrozenDictionary<string, BrokerEnvConfig> Envs,
    FrozenDictionary<string, TopicConfig> Topics);

/// <param name="Env">The environment's tag.</param>
/// <param name="Type">The broker type.</param>
/// <param name="Transport">Its transport, or null where none is registered.</param>
/// <param name="Settings">Its settings, or null where no transport is registered to read them.</param>
/// <param name="Format">What travels.</param>
/// <param name="MaxMessageSize">The largest payload in bytes, or null for the transport's own limit.</param>
/// <param name="ConfigPath">The configuration path of the settings, for messages.</param>
internal sealed record BrokerEnvConfig(
    string Env,
    string Type,
    IBrokerTransport? Transport,
    TransportSettings? Settings,
    MessageFormat Format,
    int? MaxMessageSize,
    string ConfigPath);

internal sealed record TopicConfig(
    string Tag,
    string? Name,
    string? Description,
    JsonNode? Sample,
    RetryConfig Retry,
    ImmutableArray<string> Subscribers,
    int? Prefetch,
    int? Concurrency,
    TimeSpan? Deduplicate,
    TopicEnvConfig Everywhere,
    FrozenDictionary<string, TopicEnvConfig> Envs)
{
    public required TopicSessionConfig Sessions { get; init; }

    /// <summary>What messages are checked against, or null where they are not.</summary>
    public required MessageCheck? Check { get; init; }

    public required TopicFlowConfig Flow { get; init; }

    public TopicEnvConfig In(string env) => Envs.GetValueOrDefault(env, Everywhere);
}

internal sealed record TopicEnvConfig(string? Entity, string? Queue, string? RoutingKey, string? ExchangeType);
