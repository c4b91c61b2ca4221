using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

/// <summary>Finds the way of the subscriptions of this process to other routes.</summary>
internal sealed class SubscriptionMover(
    ConnectionRegistry connections, SubscriptionSlots slots, SlotClaims claims, TimeProvider time, ILogger<CatalogReload> logger)
{
    public SubscriptionMoves MovesTo(RouteResolver routes)
    {
        // One that moves to another queue is on two of them for a while.
        var subscriptions = connections.All.SelectMany(slots.Of).Select(x => x.Current).OfType<Subscription>().Distinct();
        var moves = new SubscriptionMoves(claims, time, logger);
        foreach (var subscription in subscriptions.Where(x => !x.IsStopping))
            moves.Add(subscription, routes);
        return moves;
    }
}
