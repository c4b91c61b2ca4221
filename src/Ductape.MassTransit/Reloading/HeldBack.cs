using System.Collections.Frozen;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// What stays as it was although the configuration says otherwise: the environments and topics whose new connection is
/// not there yet, and the topics whose endpoints cannot be made anew.
/// </summary>
internal sealed class HeldBack
{
    private readonly Dictionary<(string Product, string Broker, string Env), (BrokerEnvConfig Config, Replacement For)> _envs = [];
    private readonly Dictionary<(string Product, string Broker, string Topic), (TopicConfig Config, Replacement? For)> _topics = [];

    public void Hold(string product, string broker, BrokerEnvConfig env, Replacement until) => _envs[Key(product, broker, env.Env)] = (env, until);

    /// <param name="product">The product.</param>
    /// <param name="broker">The broker.</param>
    /// <param name="topic">The topic as it was.</param>
    /// <param name="until">What it waits for, or null for the next start.</param>
    public void Hold(string product, string broker, TopicConfig topic, Replacement? until) => _topics[Key(product, broker, topic.Tag)] = (topic, until);

    /// <summary>What waited for this need wait no more.</summary>
    public HeldBack Without(Replacement arrived)
    {
        var left = new HeldBack();
        foreach (var (key, held) in _envs.Where(x => x.Value.For != arrived))
            left._envs[key] = held;
        foreach (var (key, held) in _topics.Where(x => x.Value.For != arrived))
            left._topics[key] = held;
        return left;
    }

    /// <summary>The catalog with what is held back as it was.</summary>
    public CatalogConfig ApplyTo(CatalogConfig wanted)
    {
        if (_envs.Count == 0 && _topics.Count == 0)
            return wanted;

        var products = wanted.Products.Values.Select(product => product with
        {
            Brokers = product.Brokers.Values.Select(broker => broker with
            {
                Envs = broker.Envs.Values.Select(x => _envs.TryGetValue(Key(product.Tag, broker.Tag, x.Env), out var held) ? held.Config : x)
                    .ToFrozenDictionary(x => x.Env, Tags.Comparer),
                Topics = broker.Topics.Values.Select(x => _topics.TryGetValue(Key(product.Tag, broker.Tag, x.Tag), out var held) ? Of(held.Config, held.For, x) : x)
                    .ToFrozenDictionary(x => x.Tag, Tags.Comparer),
            }).ToFrozenDictionary(x => x.Tag, Tags.Comparer),
        });
        return wanted with { Products = products.ToFrozenDictionary(x => x.Tag, Tags.Comparer) };
    }

    // A reload may spell a tag in another case.
    private static (string, string, string) Key(string product, string broker, string tag) =>
        (product.ToUpperInvariant(), broker.ToUpperInvariant(), tag.ToUpperInvariant());

    // What is held for good keeps only what its endpoints are made with: all but what CatalogBuilder leaves out of the
    // topic's fingerprint.
    private static TopicConfig Of(TopicConfig before, Replacement? until, TopicConfig wanted) => until is not null ? before : before with
    {
        Name = wanted.Name,
        Description = wanted.Description,
        Sample = wanted.Sample,
        Subscribers = wanted.Subscribers,
        Sessions = wanted.Sessions,
        Check = wanted.Check,
        OnUnroutable = wanted.OnUnroutable,
    };
}
