using Ductape.MassTransit.Caching;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>Finds or makes the slot of a queue, and claims it for a subscription. Thread-safe.</summary>
internal sealed class SlotClaims(SubscriptionSlots slots, HandledMessages handled, ProviderLifetime provider, ILogger<Subscription> logger)
{
    /// <summary>Claims the durable queue of a product, or of a named subscription.</summary>
    /// <param name="route">Where the queue is.</param>
    /// <param name="name">The name of the subscription, or null.</param>
    /// <param name="subscriptionOn">Makes the subscription to the slot; it is asked again where another slot takes the
    /// place of the first.</param>
    /// <exception cref="DuctapeException">The queue already has another subscription.</exception>
    public Subscription ClaimDurable(Route route, string? name, Func<SubscriptionSlot, Subscription> subscriptionOn) =>
        Claim(route, route.QueueOf(name), subscriptionOn).Subscription;

    /// <summary>Claims an ephemeral queue: one that an earlier subscription has left, else another.</summary>
    /// <param name="route">Where the queue is.</param>
    /// <param name="subscriptionOn">Makes the subscription to the slot.</param>
    public Subscription ClaimEphemeral(Route route, Func<SubscriptionSlot, Subscription> subscriptionOn)
    {
        foreach (var slot in slots.Of(route.Connection))
        {
            if (!slot.Ephemeral || slot.Route.ProductTag != route.ProductTag || slot.Route.Event != route.Event || slot.Route.Env != route.Env
                || slot.IsStale(route) || slot.Current is not null)
                continue;

            var reused = subscriptionOn(slot);
            if (slot.TryClaim(reused))
                return reused;
        }

        var added = AddEphemeral(route);
        var subscription = subscriptionOn(added);
        added.TryClaim(subscription);
        return subscription;
    }

    /// <summary>Claims the slot of a subscription's queue on another route.</summary>
    /// <exception cref="DuctapeException">The queue already has another subscription.</exception>
    public SubscriptionSlot ClaimNext(Subscription subscription, Route route)
    {
        if (!subscription.Slot.Ephemeral)
            return Claim(route, route.QueueOf(subscription.Name), _ => subscription).Slot;

        var slot = AddEphemeral(route);
        slot.TryClaim(subscription);
        return slot;
    }

    /// <summary>Tells a slot what a reload has changed, for the endpoint that it is yet to make.</summary>
    public void Update(SubscriptionSlot slot, Route route) => slot.Update(route, handled.Of(route, slot.Queue));

    private (SubscriptionSlot Slot, Subscription Subscription) Claim(Route route, string queue, Func<SubscriptionSlot, Subscription> subscriptionOn)
    {
        while (true)
        {
            var slot = slots.GetOrAdd(route.Connection, queue, x => SlotOf(route, x, ephemeral: false));
            if (!Tags.Same(slot.Route.Event, route.Event) || !Tags.Same(slot.Route.Env, route.Env))
            {
                throw route.Error(DuctapeErrorCodes.SubscriptionExists,
                    $"the queue '{queue}' already belongs to the event '{slot.Route.Event}' in {slot.Route.Env} in this process. Choose another subscription name.");
            }

            // Made before a reload, and not begun since.
            if (slot.Route != route && slot.TryDiscard())
            {
                slots.Remove(slot);
                continue;
            }

            var subscription = subscriptionOn(slot);
            if (slot.TryClaim(subscription))
                return (slot, subscription);
            if (!slot.IsDiscarded)
            {
                throw route.Error(DuctapeErrorCodes.SubscriptionExists,
                    $"this process already subscribes to '{route.Event}' with the queue '{queue}'. Stop that subscription first, or give this one a "
                    + "name ('input.subscription') for a queue of its own.");
            }
        }
    }

    private SubscriptionSlot AddEphemeral(Route route)
    {
        // A NewId is as good as a GUID and never shortened away: the hash of a name that does not fit covers it.
        var queue = EntityNames.Suffixed(route.Queue, NewId.NextGuid().ToString("N"), route.Transport.NamingOf(route.Settings));
        var slot = SlotOf(route, queue, ephemeral: true);
        slots.Add(slot);
        return slot;
    }

    private SubscriptionSlot SlotOf(Route route, string queue, bool ephemeral) =>
        new(route.Connection, route, queue, ephemeral, handled.Of(route, queue), provider, logger);
}
