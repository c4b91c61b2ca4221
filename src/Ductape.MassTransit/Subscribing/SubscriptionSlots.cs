using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ductape.MassTransit.Connections;

namespace Ductape.MassTransit.Subscribing;

/// <summary>The slots of this process, by connection and queue. Thread-safe.</summary>
internal sealed class SubscriptionSlots : IConnectionQueues
{
    // A connection that nobody has any more takes its slots along.
    private readonly ConditionalWeakTable<Connection, ConcurrentDictionary<string, SubscriptionSlot>> _slots = [];

    /// <summary>Those of a connection, also those without a subscription at the moment.</summary>
    public IEnumerable<SubscriptionSlot> Of(Connection connection) => _slots.TryGetValue(connection, out var slots) ? slots.Values : [];

    IEnumerable<IConnectionQueue> IConnectionQueues.Of(Connection connection) => Of(connection);

    /// <summary>The slot of a queue, which is made where there is none.</summary>
    public SubscriptionSlot GetOrAdd(Connection connection, string queue, Func<string, SubscriptionSlot> make) => ByQueue(connection).GetOrAdd(queue, make);

    public void Add(SubscriptionSlot slot) => ByQueue(slot.Connection)[slot.Queue] = slot;

    public void Remove(SubscriptionSlot slot) => ByQueue(slot.Connection).TryRemove(KeyValuePair.Create(slot.Queue, slot));

    private ConcurrentDictionary<string, SubscriptionSlot> ByQueue(Connection connection) =>
        _slots.GetValue(connection, static _ => new ConcurrentDictionary<string, SubscriptionSlot>(StringComparer.Ordinal));
}
