using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit;

/// <summary>Finds or makes the slot of a subscription, and starts it in the background.</summary>
internal sealed class SubscriptionStarter(
    RouteResolver routes,
    CallDefaults defaults,
    SessionVerifier sessions,
    ReceivedSessionVerifier receivedSessions,
    HandledMessages handled,
    IOptions<DuctapeOptions> options,
    TimeProvider time,
    ILogger<Subscription> logger)
{
    /// <exception cref="DuctapeException">The input is not acceptable, or the queue already has a subscription.</exception>
    public async ValueTask<Subscription> BeginAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken)
    {
        var route = routes.Resolve(defaults.Product(data.ProductTag), defaults.Env(data.Env), CallDefaults.Event(data.Event));
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

        await sessions.VerifyAsync(route, data.Session, cancellationToken).ConfigureAwait(false);

        var subscription = input.Ephemeral ? ClaimEphemeral(route, input) : ClaimDurable(route, input);
        subscription.Begin();
        return subscription;
    }

    private Subscription ClaimDurable(Route route, SubscribeInput input)
    {
        var queue = route.QueueOf(input.Subscription);
        var slot = route.Connection.Slots.GetOrAdd(queue, _ => new SubscriptionSlot(
            route.Connection, route, queue, false, handled.Of(route, queue), logger));
        if (slot.Route.Event != route.Event || slot.Route.Env != route.Env)
        {
            throw route.Error(DuctapeErrorCodes.SubscriptionExists,
                $"the queue '{queue}' already belongs to the event '{slot.Route.Event}' in {slot.Route.Env} in this process. Choose another subscription name.");
        }

        var subscription = Create(slot, route, input);
        return slot.TryClaim(subscription)
            ? subscription
            : throw route.Error(DuctapeErrorCodes.SubscriptionExists,
                $"this process already subscribes to '{route.Event}' with the queue '{queue}'. Stop that subscription first, or give this one a "
                + "name ('input.subscription') for a queue of its own.");
    }

    private Subscription ClaimEphemeral(Route route, SubscribeInput input)
    {
        foreach (var slot in route.Connection.Slots.Values)
        {
            if (!slot.Ephemeral || slot.Route != route || slot.Current is not null)
                continue;

            var reused = Create(slot, route, input);
            if (slot.TryClaim(reused))
                return reused;
        }

        // A NewId is as good as a GUID and never shortened away: the hash of a name that does not fit covers it.
        var queue = EntityNames.Suffixed(route.Queue, NewId.NextGuid().ToString("N"), route.Transport.Naming);
        var added = new SubscriptionSlot(route.Connection, route, queue, true, handled.Of(route, queue), logger);
        var subscription = Create(added, route, input);
        added.TryClaim(subscription);
        route.Connection.Slots[queue] = added;
        return subscription;
    }

    private Subscription Create(SubscriptionSlot slot, Route route, SubscribeInput input) =>
        new(slot, route, receivedSessions.Guard(route, input.Callback!), options.Value.SerializerOptions, logger, time);
}
