using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit;

/// <summary>
/// What the configuration would make of every topic, in whichever environment; for lint and for permissions.
/// </summary>
public static class TopicPlans
{
    /// <summary>
    /// Every topic of every product in every environment whose transport is registered; it need not be able to connect.
    /// A shared topic is there once for each product, its subscribers included.
    /// </summary>
    /// <param name="services">Services with <c>AddDuctapeMessageBroker()</c>.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The configuration is not
    /// valid.</exception>
    public static IReadOnlyList<TopicPlan> Of(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var catalog = services.GetRequiredService<CurrentCatalog>().Catalog;
        return [.. Of(catalog).Select(x => x.Plan).OrderBy(x => x.Path, StringComparer.Ordinal).ThenBy(x => x.Env, StringComparer.Ordinal)
            .ThenBy(x => x.ProductTag, StringComparer.Ordinal)];
    }

    internal static IEnumerable<(TopicPlan Plan, TopicConfig Topic, BrokerEnvConfig Env)> Of(CatalogConfig catalog) =>
        from product in catalog.Products.Values
        from broker in product.Brokers.Values
        from topic in broker.Topics.Values
        from env in broker.Envs.Values
        where env.Transport is not null
        let at = topic.AtOwnQueueUrl(env)
        select (PlanOf(catalog, product.Tag, broker, topic, at), topic, at);

    private static TopicPlan PlanOf(CatalogConfig catalog, string product, BrokerConfig broker, TopicConfig topic, BrokerEnvConfig env)
    {
        var names = RouteNames.Of(product, broker.Tag, topic, env);
        return new TopicPlan
        {
            Path = $"{broker.Path}:Topics:{topic.Tag}",
            ConfigPath = env.ConfigPath,
            Event = $"{broker.Tag}:{topic.Tag}",
            ProductTag = product,
            Env = env.Env,
            BrokerType = env.Type,
            Entity = names.Entity,
            Queue = names.Queue,
            IsExistingQueue = names.IsExistingQueue,
            SubscriberQueues = names.IsExistingQueue
                ? []
                : [.. DeclaredQueues.Of(catalog, new EventName(broker.Tag, topic.Tag), topic, env).Select(x => x.Name)],
            Format = env.Format,
            MaxMessageSize = env.MaxMessageSize,
            Deduplicate = topic.Deduplicate,
            Ordered = topic.Flow.Ordered,
            LongestRetry = topic.LongestRetry,
            Redelivery = topic.Retry.Redelivery,
            OnUnroutable = topic.OnUnroutable,
            Declare = topic.Declare,
            Arguments = topic.Arguments,
            Settings = env.Settings!,
        };
    }
}
