using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Subscribing;

/// <summary>Where a subscription receives from, and what its route asks there.</summary>
/// <param name="Slot">The queue.</param>
/// <param name="Route">The route that leads there.</param>
/// <param name="Callback">What is called.</param>
/// <param name="KillSwitch">What holds the subscription when too many messages fail, or null.</param>
/// <param name="Moved">Cancelled when the subscription is at another place.</param>
internal sealed record ReceivingPlace(
    SubscriptionSlot Slot, Route Route, Func<ReceivedMessage, Task> Callback, SubscriptionKillSwitch? KillSwitch, CancellationTokenSource Moved);
