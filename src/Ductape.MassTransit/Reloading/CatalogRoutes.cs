using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Reloading;

/// <summary>Routes of a catalog that is not in use yet.</summary>
internal sealed class CatalogRoutes(TransportSet transports, ConnectionRegistry connections)
{
    /// <param name="catalog">The catalog.</param>
    /// <param name="replacement">The connection that they lead to in the place of the one in use, or null.</param>
    public RouteResolver Of(CatalogConfig catalog, Replacement? replacement = null) => new(catalog, transports,
        replacement?.SameAs is { } key ? env => connections.KeyOf(env) == key ? replacement.Connection : connections.Get(env) : connections.Get);
}
