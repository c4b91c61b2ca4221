using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus of which the order is known in which its broker delivered, so that a topic that is handled in order may have
/// several callbacks at once, for different partition keys. Without this it has one callback at a time. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IOrderedDeliveryBus
{
    /// <summary>
    /// The place of a delivery among those of its queue to this process; null for one that has none, whose turn comes
    /// after what was received before: right where the broker delivers no other message with its key meanwhile. Asked
    /// for each delivery of a topic that is handled in order.
    /// </summary>
    DeliveryNumber? FindDeliveryNumber(ReceiveContext context);
}
