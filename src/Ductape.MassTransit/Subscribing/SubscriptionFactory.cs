using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>Makes the subscription of a call, with its callback at the end of the delivery pipeline.</summary>
internal sealed class SubscriptionFactory(DeliveryPipeline deliveries, OperatorTrail trail, TimeProvider time, ILogger<Subscription> logger)
{
    /// <param name="slot">The slot that it is to claim.</param>
    /// <param name="route">Where it receives from.</param>
    /// <param name="input">What the call gave, which was checked.</param>
    public Subscription Create(SubscriptionSlot slot, Route route, SubscribeInput input) =>
        new(slot, route, input.Subscription, x => deliveries.Compose(x, input.Callback!), trail, logger, time);
}
