using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Routing;

/// <summary>
/// The catalog in use, with the routes that were resolved from it. A reload puts another one in its place, whole, so
/// that a call sees either the old or the new configuration.
/// </summary>
internal sealed class CurrentCatalog
{
    private volatile RouteResolver _routes;

    public CurrentCatalog(CatalogConfig initial, TransportSet transports, ConnectionRegistry connections) =>
        _routes = new RouteResolver(initial, transports, connections.Get);

    public RouteResolver Routes => _routes;

    public CatalogConfig Catalog => _routes.Catalog;

    public DuctapeOptions Options => Catalog.Options;

    public Route Resolve(string product, string env, string @event)
    {
        while (true)
        {
            var routes = _routes;
            var route = routes.Resolve(product, env, @event);
            // Replaced meanwhile: whoever replaced it may have looked for users of the old route before this one.
            if (routes == _routes)
                return route;
        }
    }

    public ProductConfig FindProduct(string tag) => _routes.FindProduct(tag);

    public BrokerConfig FindBroker(ProductConfig product, string tag) => _routes.FindBroker(product, tag);

    public TopicConfig FindTopic(ProductConfig product, BrokerConfig broker, EventName name) => _routes.FindTopic(product, broker, name);

    public void Replace(RouteResolver routes) => _routes = routes;
}
