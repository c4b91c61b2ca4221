using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A transport whose settings can name a queue that exists already. Without this every topic has a queue for each
/// subscriber. Its bus is an <see cref="IExistingQueueBus"/>.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IExistingQueueTransport
{
    /// <summary>
    /// The existing queue that every message is sent to and that subscribers compete on, or null for a topic with a
    /// queue for each subscriber.
    /// </summary>
    string? ExistingQueue(TransportSettings settings);
}
