namespace Ductape.MassTransit;

/// <summary>The names of a route: what was configured explicitly, else what the tags give.</summary>
internal readonly record struct RouteNames(string Entity, string Queue)
{
    public static RouteNames Of(string product, string broker, TopicConfig topic, BrokerEnvConfig env)
    {
        var rules = env.Transport!.Naming;
        var options = topic.In(env.Env);
        return new RouteNames(
            options.Entity ?? EntityNames.Entity(broker, topic.Tag, env.Env, rules),
            options.Queue ?? EntityNames.Queue(product, broker, topic.Tag, env.Env, rules));
    }
}
