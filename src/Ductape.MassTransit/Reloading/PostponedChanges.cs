using System.Collections.Frozen;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// What stays as it was although the configuration says otherwise: the environments and topics whose new connection is
/// not there yet, and the topics whose endpoints cannot be made anew.
/// </summary>
internal sealed class PostponedChanges
{
    private readonly Dictionary<(string Product, string Broker, string Env), (BrokerEnvConfig Before, Replacement Until)> _envs = [];
    private readonly Dictionary<(string Product, string Broker, string Topic), (TopicConfig Before, Replacement? Until)> _topics = [];

    /// <param name="product">The product.</param>
    /// <param name="broker">The broker.</param>
    /// <param name="before">The environment as it was.</param>
    /// <param name="until">What the change waits for.</param>
    public void Keep(string product, string broker, BrokerEnvConfig before, Replacement until) => _envs[Key(product, broker, before.Env)] = (before, until);

    /// <param name="product">The product.</param>
    /// <param name="broker">The broker.</param>
    /// <param name="before">The topic as it was.</param>
    /// <param name="until">What the change waits for, or null for the next start.</param>
    public void Keep(string product, string broker, TopicConfig before, Replacement? until) => _topics[Key(product, broker, before.Tag)] = (before, until);

    /// <summary>Those that remain when a connection takes over.</summary>
    public PostponedChanges Without(Replacement arrived)
    {
        var remaining = new PostponedChanges();
        foreach (var (key, env) in _envs.Where(x => x.Value.Until != arrived))
            remaining._envs[key] = env;
        foreach (var (key, topic) in _topics.Where(x => x.Value.Until != arrived))
            remaining._topics[key] = topic;
        return remaining;
    }

    /// <summary>The catalog without these changes.</summary>
    public CatalogConfig LeaveOutOf(CatalogConfig wanted)
    {
        if (_envs.Count == 0 && _topics.Count == 0)
            return wanted;

        var products = wanted.Products.Values.Select(product => product with
        {
            Brokers = product.Brokers.Values.Select(broker => broker with
            {
                Envs = broker.Envs.Values.Select(x => _envs.TryGetValue(Key(product.Tag, broker.Tag, x.Env), out var kept) ? kept.Before : x)
                    .ToFrozenDictionary(x => x.Env, Tags.Comparer),
                Topics = broker.Topics.Values.Select(x => _topics.TryGetValue(Key(product.Tag, broker.Tag, x.Tag), out var kept) ? Of(kept.Before, kept.Until, x) : x)
                    .ToFrozenDictionary(x => x.Tag, Tags.Comparer),
            }).ToFrozenDictionary(x => x.Tag, Tags.Comparer),
        });
        return wanted with { Products = products.ToFrozenDictionary(x => x.Tag, Tags.Comparer) };
    }

    // A reload may spell a tag in another case.
    private static (string, string, string) Key(string product, string broker, string tag) =>
        (product.ToUpperInvariant(), broker.ToUpperInvariant(), tag.ToUpperInvariant());

    // Until the next start a topic keeps only what its endpoints are made with: all but what CatalogBuilder leaves out
    // of the topic's fingerprint.
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
