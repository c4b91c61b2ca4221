using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

/// <summary>Compares a new catalog with the one in use.</summary>
internal sealed class ReloadPlanner(
    CurrentCatalog catalog, ConnectionRegistry connections, SubscriptionSlots slots, CatalogRoutes routes, ILogger<CatalogReload> logger)
{
    /// <summary>What the new catalog asks for. Makes the connections that are to take over.</summary>
    public ReloadPlan Plan(CatalogConfig wanted)
    {
        var now = catalog.Catalog;
        var replacements = new Dictionary<Connection, Replacement>();
        var postponed = new PostponedChanges();
        CompareConnections(now, wanted, replacements, postponed);
        CompareTopics(now, routes.Of(postponed.LeaveOutOf(wanted)), replacements, postponed);
        return new ReloadPlan(replacements.Values, postponed);
    }

    // The same product, broker and environment with other settings, or with another value of a secret.
    private void CompareConnections(
        CatalogConfig now, CatalogConfig wanted, Dictionary<Connection, Replacement> replacements, PostponedChanges postponed)
    {
        foreach (var product in wanted.Products.Values)
        {
            foreach (var broker in product.Brokers.Values)
            {
                foreach (var env in broker.Envs.Values.Where(x => x.Transport is not null))
                {
                    if (now.Find(product.Tag, broker.Tag)?.Envs.GetValueOrDefault(env.Env) is not { Transport: not null } before
                        || connections.KeyOf(before) == connections.KeyOf(env)
                        || connections.Find(connections.KeyOf(before)) is not { State.Status: not ConnectionStatus.NotInUse })
                    {
                        continue;
                    }

                    var next = connections.Get(env);
                    if (!replacements.TryGetValue(next, out var replacement))
                        replacements[next] = replacement = new Replacement(next, null);
                    replacement.Places.Add($"{product.Tag}/{broker.Tag} in {env.Env}");
                    postponed.Keep(product.Tag, broker.Tag, before, replacement);
                }
            }
        }
    }

    // MassTransit configures an exchange and an endpoint once for the life of a bus: what is other now needs a new bus.
    private void CompareTopics(
        CatalogConfig now, RouteResolver wanted, Dictionary<Connection, Replacement> replacements, PostponedChanges postponed)
    {
        foreach (var connection in connections.All.Where(x => !x.IsStopped))
        {
            Replacement? replacement = null;
            foreach (var used in StaleTopics(connection, wanted))
            {
                var name = EventName.Parse(used.Event);
                if (connection.CanBeReplaced && replacement is null)
                {
                    var env = wanted.Catalog.Find(used.ProductTag, name.Broker)!.Envs[used.Env];
                    replacement = new Replacement(connections.CreateNext(env), connections.KeyOf(env));
                    replacements[replacement.Connection] = replacement;
                }

                replacement?.Places.Add($"{used.ProductTag}/{used.Event} in {used.Env}");
                if (replacement is null)
                    logger.TopicKept(used.Event, used.ProductTag, connection.Description);
                // One that comes back after it was removed has nothing that it could keep.
                if (now.Find(used.ProductTag, name.Broker)?.Topics.GetValueOrDefault(name.Topic) is { } before)
                    postponed.Keep(used.ProductTag, name.Broker, before, replacement);
            }
        }
    }

    private IEnumerable<IConnectionTopic> StaleTopics(Connection connection, RouteResolver wanted)
    {
        var received = slots.Of(connection).Where(x => On(x.Route) is { } now && x.IsStale(now)).Select(x => x.Route);
        // A bus that cannot be replaced declares a topic once more instead.
        var declared = connection.CanBeReplaced
            ? connection.Topics.Declared.Where(x => On(x) is { } now && now.TopologyShape.Value != x.TopologyShape.Value)
            : [];
        return received.Concat(declared).DistinctBy(x => (x.ProductTag, x.Env, x.Event)).ToArray();

        Route? On(IConnectionTopic used) =>
            wanted.TryResolve(used.ProductTag, used.Env, used.Event, out var route, out _) && route.Connection == connection ? route : null;
    }
}
