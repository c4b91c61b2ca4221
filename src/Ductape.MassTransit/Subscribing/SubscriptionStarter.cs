using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Subscribing;

/// <summary>Makes the subscription that a call asks for, and starts it in the background.</summary>
internal sealed class SubscriptionStarter(CurrentCatalog catalog, SubscribeCheck check, SlotClaims claims, SubscriptionFactory subscriptions)
{
    /// <exception cref="DuctapeException">The input is not acceptable, or the queue already has a
    /// subscription.</exception>
    public async ValueTask<Subscription> BeginAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = catalog.Routes;
            var route = await check.RunAsync(data, cancellationToken).ConfigureAwait(false);
            var subscription = Claim(route, data.Input!);
            // A reload that came in between has looked for subscriptions without finding this one.
            if (catalog.Routes == before)
            {
                subscription.Begin();
                return subscription;
            }

            await subscription.Places.LeaveAsync(subscription.Slot, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private Subscription Claim(Route route, SubscribeInput input) => input.Ephemeral
        ? claims.ClaimEphemeral(route, slot => subscriptions.Create(slot, route, input))
        : claims.ClaimDurable(route, input.Subscription, slot => subscriptions.Create(slot, route, input));
}
