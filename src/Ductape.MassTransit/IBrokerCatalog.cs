namespace Ductape.MassTransit;

/// <summary>
/// What is configured: Ductape's <c>events.list</c>, <c>events.fetch</c>, <c>events.topics.list</c> and
/// <c>events.topics.fetch</c>. A singleton; it only reads memory, and is safe to use from any thread. Lists are in the
/// order of the tags.
/// </summary>
public interface IBrokerCatalog
{
    /// <summary>The brokers of a product.</summary>
    /// <param name="product">The product's tag; null means <c>Ductape:Product</c>.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.ProductNotFound"/>, or
    /// <see cref="DuctapeErrorCodes.InvalidInput"/> when no product is named anywhere.</exception>
    IReadOnlyList<BrokerDescription> ListBrokers(string? product = null);

    /// <summary>One broker of a product.</summary>
    /// <exception cref="DuctapeException">As <see cref="ListBrokers"/>, or
    /// <see cref="DuctapeErrorCodes.BrokerNotFound"/>.</exception>
    BrokerDescription FetchBroker(string brokerTag, string? product = null);

    /// <summary>The topics of a broker.</summary>
    /// <exception cref="DuctapeException">As <see cref="FetchBroker"/>.</exception>
    IReadOnlyList<TopicDescription> ListTopics(string brokerTag, string? product = null);

    /// <summary>One topic, by its event <c>brokerTag:topicTag</c>.</summary>
    /// <exception cref="DuctapeException">As <see cref="FetchBroker"/>, or <see cref="DuctapeErrorCodes.InvalidEvent"/>
    /// or <see cref="DuctapeErrorCodes.TopicNotFound"/>.</exception>
    TopicDescription FetchTopic(string @event, string? product = null);

    /// <summary>
    /// Where an event goes. The second call for the same three allocates nothing.
    /// </summary>
    /// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
    /// <param name="product">The product's tag; null means <c>Ductape:Product</c>.</param>
    /// <param name="env">The environment; null means <c>Ductape:Env</c>.</param>
    /// <exception cref="DuctapeException">As <see cref="FetchTopic"/>, or
    /// <see cref="DuctapeErrorCodes.BrokerEnvNotFound"/>, <see cref="DuctapeErrorCodes.BrokerTypeNotSupported"/> or
    /// <see cref="DuctapeErrorCodes.TransportNotRegistered"/>.</exception>
    RouteDescription FetchRoute(string @event, string? product = null, string? env = null);
}
