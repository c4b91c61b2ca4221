using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>
/// The names of a route: an existing queue that everything goes to, what was configured explicitly, else what the tags
/// give.
/// </summary>
internal readonly record struct RouteNames(string Entity, string Queue, bool IsExistingQueue)
{
    /// <param name="product">The product's tag.</param>
    /// <param name="broker">The broker's tag.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="env">The environment as the topic sees it, <see cref="TopicConfig.AtOwnQueueUrl"/>.</param>
    public static RouteNames Of(string product, string broker, TopicConfig topic, BrokerEnvConfig env)
    {
        if (env.Transport is IExistingQueueTransport transport && transport.ExistingQueue(env.Settings!) is { } queue)
            return new RouteNames(queue, queue, true);

        var rules = env.Transport!.NamingOf(env.Settings!);
        var options = topic.EnvOf(env.Env);
        return new RouteNames(
            options.Entity ?? EntityNames.Entity(broker, topic.Tag, env.Env, rules),
            options.Queue ?? EntityNames.Queue(product, broker, topic.Tag, env.Env, rules),
            false);
    }
}
