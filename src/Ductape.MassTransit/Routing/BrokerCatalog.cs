using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit.Routing;

internal sealed class BrokerCatalog(CurrentCatalog catalog, CallDefaults defaults, CallRoutes routes) : IBrokerCatalog
{
    public IReadOnlyList<BrokerDescription> ListBrokers(string? product) =>
        [.. Product(product).Brokers.Values.OrderBy(x => x.Tag, StringComparer.Ordinal).Select(Describe)];

    public BrokerDescription FetchBroker(string brokerTag, string? product) =>
        Describe(catalog.FindBroker(Product(product), Required(brokerTag)));

    public IReadOnlyList<TopicDescription> ListTopics(string brokerTag, string? product)
    {
        var broker = catalog.FindBroker(Product(product), Required(brokerTag));
        return [.. broker.Topics.Values.OrderBy(x => x.Tag, StringComparer.Ordinal).Select(x => Describe(broker, x))];
    }

    public TopicDescription FetchTopic(string @event, string? product)
    {
        var name = EventName.Parse(@event);
        var config = Product(product);
        var broker = catalog.FindBroker(config, name.Broker);
        return Describe(broker, catalog.FindTopic(config, broker, name));
    }

    public RouteDescription FetchRoute(string @event, string? product, string? env) => routes.Of(product, env, @event).Description;

    private ProductConfig Product(string? tag) => catalog.FindProduct(defaults.Product(tag));

    private static string Required(string brokerTag) =>
        string.IsNullOrWhiteSpace(brokerTag)
            ? throw new DuctapeException(DuctapeErrorCodes.InvalidInput, "the broker tag is required and is blank.")
            : brokerTag;

    private static BrokerDescription Describe(BrokerConfig broker) => new(broker.Tag, broker.Name, broker.Description,
        [.. broker.Envs.Values.OrderBy(x => x.Env, StringComparer.Ordinal).Select(x => new BrokerEnvDescription(x.Env, x.Type))]);

    private static TopicDescription Describe(BrokerConfig broker, TopicConfig topic) =>
        new($"{broker.Tag}:{topic.Tag}", topic.Name, topic.Description, topic.Sample?.DeepClone(), topic.Subscribers);
}
