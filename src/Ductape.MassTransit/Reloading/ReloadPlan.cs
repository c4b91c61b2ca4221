using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// What a new catalog asks for: which connections have to be replaced, and what stays as it was until they are.
/// </summary>
internal sealed class ReloadPlan
{
    private readonly ConnectionRegistry _connections;
    private readonly SubscriptionSlots _slots;
    private readonly CatalogConfig _now;
    private readonly Dictionary<Connection, Replacement> _replacements = [];

    private ReloadPlan(ConnectionRegistry connections, SubscriptionSlots slots, CatalogConfig now) =>
        (_connections, _slots, _now) = (connections, slots, now);

    public HeldBack Held { get; } = new();

    public IReadOnlyCollection<Replacement> Replacements => _replacements.Values;

    public static ReloadPlan Of(
        CatalogConfig now, CatalogConfig wanted, ConnectionRegistry connections, SubscriptionSlots slots,
        Func<CatalogConfig, RouteResolver> routesOf, ILogger logger)
    {
        var plan = new ReloadPlan(connections, slots, now);
        plan.CompareConnections(wanted);
        plan.CompareTopics(routesOf(plan.Held.ApplyTo(wanted)), logger);
        return plan;
    }

    // The same product, broker and environment with other settings, or with another value of a secret.
    private void CompareConnections(CatalogConfig wanted)
    {
        foreach (var product in wanted.Products.Values)
        {
            foreach (var broker in product.Brokers.Values)
            {
                foreach (var env in broker.Envs.Values.Where(x => x.Transport is not null))
                {
                    if (_now.Find(product.Tag, broker.Tag)?.Envs.GetValueOrDefault(env.Env) is not { Transport: not null } before
                        || _connections.KeyOf(before) == _connections.KeyOf(env)
                        || _connections.Find(_connections.KeyOf(before)) is not { State.Status: not ConnectionStatus.NotInUse })
                    {
                        continue;
                    }

                    var next = _connections.Get(env);
                    if (!_replacements.TryGetValue(next, out var replacement))
                        _replacements[next] = replacement = new Replacement(next, null);
                    replacement.Places.Add($"{product.Tag}/{broker.Tag} in {env.Env}");
                    Held.Hold(product.Tag, broker.Tag, before, replacement);
                }
            }
        }
    }

    // MassTransit configures an exchange and an endpoint once for the life of a bus: what is other now needs a new bus.
    private void CompareTopics(RouteResolver wanted, ILogger logger)
    {
        foreach (var connection in _connections.All.Where(x => !x.IsStopped))
        {
            Replacement? replacement = null;
            foreach (var used in StaleTopics(connection, wanted))
            {
                var name = EventName.Parse(used.Event);
                if (connection.CanBeReplaced && replacement is null)
                {
                    var env = wanted.Catalog.Find(used.ProductTag, name.Broker)!.Envs[used.Env];
                    replacement = new Replacement(_connections.CreateNext(env), _connections.KeyOf(env));
                    _replacements[replacement.Connection] = replacement;
                }

                replacement?.Places.Add($"{used.ProductTag}/{used.Event} in {used.Env}");
                if (replacement is null)
                    logger.TopicKept(used.Event, used.ProductTag, connection.Description);
                // One that comes back after it was removed has nothing to be held at.
                if (_now.Find(used.ProductTag, name.Broker)?.Topics.GetValueOrDefault(name.Topic) is { } before)
                    Held.Hold(used.ProductTag, name.Broker, before, replacement);
            }
        }
    }

    private IEnumerable<IConnectionTopic> StaleTopics(Connection connection, RouteResolver wanted)
    {
        var received = _slots.Of(connection).Where(x => On(x.Route) is { } now && x.IsStale(now)).Select(x => x.Route);
        // A bus that cannot be replaced declares a topic once more instead.
        var declared = connection.CanBeReplaced
            ? connection.Topics.Declared.Where(x => On(x) is { } now && now.TopologyShape.Value != x.TopologyShape.Value)
            : [];
        return received.Concat(declared).DistinctBy(x => (x.ProductTag, x.Env, x.Event)).ToArray();

        Route? On(IConnectionTopic used) =>
            wanted.TryResolve(used.ProductTag, used.Env, used.Event, out var route, out _) && route.Connection == connection ? route : null;
    }
}
