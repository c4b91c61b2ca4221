using Ductape.MassTransit.Caching;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Sessions;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>Finds or makes the slot of a subscription, and starts it in the background.</summary>
internal sealed class SubscriptionStarter(
    CurrentCatalog routes,
    SubscriptionSlots slots,
    CallDefaults defaults,
    SessionVerifier sessions,
    DeliveryPipeline deliveries,
    HandledMessages handled,
    ProviderLife provider,
    HarnessStart harness,
    OperatorTrail trail,
    TimeProvider time,
    ILogger<Subscription> logger)
{
    /// <exception cref="DuctapeException">The input is not acceptable, or the queue already has a
    /// subscription.</exception>
    public async ValueTask<Subscription> BeginAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = routes.Routes;
            var subscription = await ClaimAsync(data, cancellationToken).ConfigureAwait(false);
            // A reload that came in between has looked for subscriptions without finding this one.
            if (routes.Routes == before)
            {
                subscription.Begin();
                return subscription;
            }

            await subscription.Places.LeaveAsync(subscription.Slot, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask<Subscription> ClaimAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken)
    {
        var route = routes.Resolve(defaults.Product(data.ProductTag), defaults.Env(data.Env), CallDefaults.Event(data.Event));
        harness.CheckSubscribe(route);
        var input = data.Input
            ?? throw route.Error(DuctapeErrorCodes.InvalidInput, "'input' is required and is missing: give the callback.");
        if (input.Callback is null)
            throw route.Error(DuctapeErrorCodes.InvalidInput, "'input.callback' is required and is missing.");
        if (input.Subscription is not null && EventName.TagProblem(input.Subscription) is { } problem)
            throw route.Error(DuctapeErrorCodes.InvalidInput, $"'input.subscription' '{input.Subscription}' {problem}.");
        if (input.Subscription is not null && input.Ephemeral)
        {
            throw route.Error(DuctapeErrorCodes.InvalidInput,
                "'input.subscription' and 'input.ephemeral' exclude each other: an ephemeral queue has a name of its own.");
        }

        if (route.IsExistingQueue && (input.Subscription is not null || input.Ephemeral))
        {
            throw route.Error(DuctapeErrorCodes.InvalidInput,
                $"'input.{(input.Ephemeral ? "ephemeral" : "subscription")}' needs a queue of its own, and in {route.Env} every message of '{route.Event}' goes to "
                + $"the existing queue '{route.Queue}', on which subscribers compete. Leave it out, or leave the queue's URL or name out of the configuration.");
        }

        await sessions.VerifyAsync(route, data.Session, cancellationToken).ConfigureAwait(false);

        return input.Ephemeral ? ClaimEphemeral(route, input) : ClaimDurable(route, input);
    }

    /// <summary>The slot of a subscription's queue on another route, claimed for it.</summary>
    /// <exception cref="DuctapeException">The queue already has another subscription.</exception>
    public SubscriptionSlot Claim(Subscription subscription, Route route)
    {
        if (!subscription.Slot.Ephemeral)
            return Claim(route, route.QueueOf(subscription.Name), _ => subscription).Slot;

        var slot = AddEphemeral(route);
        slot.TryClaim(subscription);
        return slot;
    }

    /// <summary>Tells a slot what a reload has changed, for the endpoint that it is yet to make.</summary>
    public void Update(SubscriptionSlot slot, Route route) => slot.Update(route, handled.Of(route, slot.Queue));

    private Subscription ClaimDurable(Route route, SubscribeInput input) =>
        Claim(route, route.QueueOf(input.Subscription), slot => Create(slot, route, input)).Subscription;

    private (SubscriptionSlot Slot, Subscription Subscription) Claim(Route route, string queue, Func<SubscriptionSlot, Subscription> subscriptionOn)
    {
        while (true)
        {
            var slot = slots.GetOrAdd(route.Connection, queue, x => new SubscriptionSlot(
                route.Connection, route, x, false, handled.Of(route, x), provider, logger));
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

    private Subscription ClaimEphemeral(Route route, SubscribeInput input)
    {
        foreach (var slot in slots.Of(route.Connection))
        {
            if (!slot.Ephemeral || slot.Route.ProductTag != route.ProductTag || slot.Route.Event != route.Event || slot.Route.Env != route.Env
                || slot.IsStale(route) || slot.Current is not null)
                continue;

            var reused = Create(slot, route, input);
            if (slot.TryClaim(reused))
                return reused;
        }

        var added = AddEphemeral(route);
        var subscription = Create(added, route, input);
        added.TryClaim(subscription);
        return subscription;
    }

    private SubscriptionSlot AddEphemeral(Route route)
    {
        // A NewId is as good as a GUID and never shortened away: the hash of a name that does not fit covers it.
        var queue = EntityNames.Suffixed(route.Queue, NewId.NextGuid().ToString("N"), route.Transport.NamingOf(route.Settings));
        var slot = new SubscriptionSlot(route.Connection, route, queue, true, handled.Of(route, queue), provider, logger);
        slots.Add(slot);
        return slot;
    }

    private Subscription Create(SubscriptionSlot slot, Route route, SubscribeInput input) =>
        new(slot, route, input.Subscription, x => deliveries.Compose(x, input.Callback!), routes.Options.SerializerOptions, trail, logger, time);
}
