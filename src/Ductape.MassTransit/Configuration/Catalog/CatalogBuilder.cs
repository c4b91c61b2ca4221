using System.Collections.Frozen;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>Freezes options that were validated into a <see cref="CatalogConfig"/>.</summary>
internal static class CatalogBuilder
{
    /// <param name="options">The options.</param>
    /// <param name="transports">The transports that are registered.</param>
    /// <param name="resolvers">Those that resolve secrets, or null where none is looked up.</param>
    /// <param name="schemas">Reads the schemas, or null where no message is checked.</param>
    public static CatalogConfig Build(
        DuctapeOptions options, TransportSet transports, IEnumerable<ISecretResolver>? resolvers = null, TopicSchemas? schemas = null)
    {
        var configured = options.Secrets.Concat(options.ConnectionStrings.Select(x => KeyValuePair.Create(ConnectionStringReference.Key(x.Key), x.Value)));
        var secrets = new SecretReferences(options.Path, configured.ToFrozenDictionary(Tags.Comparer), resolvers ?? []);
        var products = ConfiguredProducts.Of(options);
        var tags = products.Select(x => x.Tag).ToArray();
        var envs = ConfiguredProducts.Brokers(options).SelectMany(x => x.Options.Envs.Keys);
        return new CatalogConfig(
            NullIfBlank(options.Product) is { } defaultProduct ? Tags.Configured(defaultProduct, tags) : null,
            NullIfBlank(options.Env) is { } defaultEnv ? Tags.Configured(defaultEnv, envs) : null,
            products.ToFrozenDictionary(x => x.Tag, x => Build(x, tags, options.Path, transports, secrets, schemas), Tags.Comparer))
        {
            Options = options,
            Secrets = secrets,
            Fingerprint = ConfigurationFingerprint.Of(options),
        };
    }

    /// <summary>
    /// The settings of a broker environment: the object given in code, or what its <c>Config</c> section binds to.
    /// </summary>
    public static TransportSettings BindSettings(
        BrokerEnvOptions env, IBrokerTransport transport, string path, ICollection<ConfigurationProblem> problems)
    {
        if (env.Settings is not null)
            return env.Settings;

        var settings = transport.CreateSettings();
        if (env.Config is not null && transport is not TestHarnessTransport)
            OptionsBinder.Bind(settings, env.Config, path, problems);
        return settings;
    }

    private static ProductConfig Build(
        ConfiguredProduct product, string[] products, string path, TransportSet transports, SecretReferences secrets, TopicSchemas? schemas) => new(
        product.Tag,
        product.Brokers.ToFrozenDictionary(x => x.Tag, x => new BrokerConfig(
            x.Tag,
            x.Path,
            x.Options.Name,
            x.Options.Description,
            Freeze(x.Options.Envs, (env, options) => Build(env, options, $"{x.Path}:Envs:{env}:Config", transports, secrets)),
            Freeze(x.Options.Topics, (topicTag, topic) => Build(topicTag, topic, products, product.Options, schemas?.CheckOf(topic)))), Tags.Comparer),
        Freeze(product.Options.Sessions, (sessionTag, session) =>
            SessionTypeConfig.Of(sessionTag, $"{path}:Products:{product.Tag}:Sessions:{sessionTag}", session, secrets)),
        Freeze(product.Options.Caches, (cacheTag, cache) =>
            new CacheConfig(cacheTag, cache.Expiry ?? CacheOptions.DefaultExpiry)));

    private static BrokerEnvConfig Build(
        string env, BrokerEnvOptions options, string configPath, TransportSet transports, SecretReferences secrets)
    {
        var transport = transports.Find(options.Type!);
        var settings = transport is null ? null : BindSettings(options, transport, "", []);
        return new BrokerEnvConfig(
            env, transport?.Type ?? options.Type!, transport, settings, options.Format, options.MaxMessageSize, configPath)
        {
            Secrets = secrets,
            SecretsFingerprint = new Lazy<string>(() => settings is null ? "" : secrets.FingerprintOf(settings)),
        };
    }

    private static TopicConfig Build(string tag, TopicOptions topic, string[] products, ProductOptions product, TopicCheckConfig? check)
    {
        var everywhere = new TopicEnvConfig(topic.Entity, topic.Queue, topic.RoutingKey, topic.ExchangeType);
        return new TopicConfig
        {
            Tag = tag,
            Name = topic.Name,
            Description = topic.Description,
            Sample = topic.SampleJson?.DeepClone() ?? SampleSection.Read(topic.Sample),
            Retry = RetryConfig.Of(topic),
            Subscribers = [.. topic.Subscribers.Select(x => Tags.Configured(x, products)).Distinct(Tags.Comparer)],
            Prefetch = topic.Prefetch,
            Concurrency = topic.Concurrency,
            Deduplicate = topic.Deduplicate,
            Everywhere = everywhere,
            Envs = Freeze(topic.Envs, (_, env) => new TopicEnvConfig(
                env.Entity ?? topic.Entity,
                env.Queue ?? topic.Queue,
                env.RoutingKey ?? topic.RoutingKey,
                env.ExchangeType ?? topic.ExchangeType,
                env.QueueUrl)),
            Sessions = TopicSessionConfig.Of(topic, product),
            // What is for people, for publishers or checked at each call needs no new endpoint; PostponedChanges lets
            // the same through.
            Fingerprint = new Lazy<string>(() => OptionsFingerprint.Of(topic, nameof(TopicOptions.Name), nameof(TopicOptions.Description),
                nameof(TopicOptions.Sample), nameof(TopicOptions.SampleJson), nameof(TopicOptions.Subscribers), nameof(TopicOptions.RequireSession),
                nameof(TopicOptions.VerifyOnReceive), nameof(TopicOptions.VerifyExpiryOnReceive), nameof(TopicOptions.ResolveReferences),
                nameof(TopicOptions.Schema), nameof(TopicOptions.SchemaJson), nameof(TopicOptions.Validate), nameof(TopicOptions.OnUnroutable))),
            Check = check,
            Flow = TopicFlowConfig.Of(topic),
            OnUnroutable = topic.OnUnroutable,
            Declare = topic.Declare,
            Arguments = topic.Arguments.ToFrozenDictionary(StringComparer.Ordinal),
        };
    }

    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    private static FrozenDictionary<string, TResult> Freeze<TSource, TResult>(
        Dictionary<string, TSource> source, Func<string, TSource, TResult> convert) =>
        source.ToFrozenDictionary(x => x.Key, x => convert(x.Key, x.Value), Tags.Comparer);
}
