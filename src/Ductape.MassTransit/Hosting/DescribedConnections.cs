using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Hosting;

/// <summary>The connections that the configuration in use describes, under the names of their health checks.</summary>
internal sealed class DescribedConnections(CurrentCatalog catalog, TransportSet transports, ConnectionRegistry connections)
{
    public IReadOnlyDictionary<string, Connection> List()
    {
        var named = new Dictionary<string, Connection>(StringComparer.Ordinal);
        // On the harness and on the application's own bus MassTransit's own check tells.
        if (transports.OnTestHarness)
            return named;

        var described = catalog.Catalog.Products.Values.SelectMany(x => x.Brokers.Values).SelectMany(x => x.Envs.Values)
            .Where(x => x.Transport is not null && x.Type != BrokerTypes.Host)
            .Select(connections.Get)
            .Distinct();
        foreach (var connection in described)
        {
            // Two connections may differ in a secret only, which their descriptions do not show.
            var name = $"ductape: {connection.Description}";
            for (var i = 2; !named.TryAdd(name, connection); i++)
                name = $"ductape: {connection.Description} #{i}";
        }

        return named;
    }
}
