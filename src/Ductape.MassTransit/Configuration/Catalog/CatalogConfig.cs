using System.Collections.Frozen;
using System.Collections.Immutable;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>
/// The configuration as it was validated: immutable, and the same for everybody who holds it. Tags are found without
/// regard to case.
/// </summary>
internal sealed record CatalogConfig(
    string? DefaultProduct,
    string? DefaultEnv,
    FrozenDictionary<string, ProductConfig> Products)
{
    /// <summary>The options that this was built from, for what is read as it is.</summary>
    public required DuctapeOptions Options { get; init; }

    public required SecretReferences Secrets { get; init; }

    /// <summary>
    /// Equal where the options say the same. Taken when this is built: the sections that options hold show what the
    /// configuration says at the time they are read.
    /// </summary>
    public required string Fingerprint { get; init; }

    public BrokerConfig? Find(string product, string broker) => Products.GetValueOrDefault(product)?.Brokers.GetValueOrDefault(broker);
}

internal sealed record ProductConfig(
    string Tag,
    FrozenDictionary<string, BrokerConfig> Brokers,
    FrozenDictionary<string, SessionTypeConfig> Sessions,
    FrozenDictionary<string, CacheConfig> Caches)
{
    /// <summary>The environments of its brokers, one spelling of each.</summary>
    public FrozenDictionary<string, string> Envs { get; } = Brokers.Values.OrderBy(x => x.Tag, StringComparer.Ordinal)
        .SelectMany(x => x.Envs.Keys.Order(StringComparer.Ordinal)).Distinct(Tags.Comparer).ToFrozenDictionary(x => x, Tags.Comparer);
}

internal sealed record CacheConfig(string Tag, TimeSpan Expiry);

/// <param name="Tag">The broker's tag.</param>
/// <param name="Path">Where it stands in the configuration, for messages; the same for all products that share
/// it.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Envs">Its environments.</param>
/// <param name="Topics">Its topics.</param>
internal sealed record BrokerConfig(
    string Tag,
    string Path,
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
    string ConfigPath)
{
    /// <summary>Where the references in its settings are looked up.</summary>
    public required SecretReferences Secrets { get; init; }

    /// <summary>The values of the configured secrets among its settings, hashed.</summary>
    public required Lazy<string> SecretsFingerprint { get; init; }
}
