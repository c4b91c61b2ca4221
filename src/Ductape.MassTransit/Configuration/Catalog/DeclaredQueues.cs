using System.Collections.Immutable;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>The durable queues of a topic's declared subscribers.</summary>
internal static class DeclaredQueues
{
    // Every product that describes the event in the same place may name subscribers, and the first publish of any of
    // them declares all.
    public static ImmutableArray<SubscriberQueue> Of(CatalogConfig catalog, EventName name, TopicConfig topic, BrokerEnvConfig env)
    {
        var described = catalog.Products.Keys.Select(x => Find(catalog, x, name, env)).OfType<(string Broker, TopicConfig Topic, BrokerEnvConfig Env)>();
        return
        [
            .. described.SelectMany(x => x.Topic.Subscribers).Union(topic.Subscribers, Tags.Comparer).Select(product =>
                // One that is configured here too may have a queue and settings of its own choice.
                Find(catalog, product, name, env) is var (itsBroker, itsTopic, itsEnv)
                    ? new SubscriberQueue(RouteNames.Of(product, itsBroker, itsTopic, itsEnv).Queue, itsEnv.Settings!)
                    {
                        Ordered = itsTopic.Flow.Ordered,
                        Arguments = itsTopic.Arguments,
                    }
                    : new SubscriberQueue(
                        EntityNames.Queue(product, name.Broker, name.Topic, env.Env, env.Transport!.NamingOf(env.Settings!)), env.Settings!)
                    {
                        Ordered = topic.Flow.Ordered,
                        Arguments = topic.Arguments,
                    }),
        ];
    }

    /// <summary>The topic as another product describes it, where that leads to the same connection.</summary>
    private static (string Broker, TopicConfig Topic, BrokerEnvConfig Env)? Find(
        CatalogConfig catalog, string product, EventName name, BrokerEnvConfig env)
    {
        if (catalog.Products.GetValueOrDefault(product)?.Brokers.GetValueOrDefault(name.Broker) is not { } broker
            || broker.Topics.GetValueOrDefault(name.Topic) is not { } topic
            || broker.Envs.GetValueOrDefault(env.Env) is not { } declared
            || declared.Transport != env.Transport)
            return null;

        var itsEnv = topic.AtOwnQueueUrl(declared);
        return Equals(env.Transport!.GetConnectionKey(env.Settings!), env.Transport.GetConnectionKey(itsEnv.Settings!))
            ? (broker.Tag, topic, itsEnv)
            : null;
    }
}
