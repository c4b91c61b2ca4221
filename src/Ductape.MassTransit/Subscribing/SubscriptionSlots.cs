using Ductape.MassTransit.Connections;

namespace Ductape.MassTransit.Subscribing;

/// <summary>The slots of a connection's queues.</summary>
internal static class SubscriptionSlots
{
    /// <summary>All of them, also those without a subscription at the moment.</summary>
    public static IEnumerable<SubscriptionSlot> Slots(this Connection connection) => connection.Queues.Values.Cast<SubscriptionSlot>();
}
