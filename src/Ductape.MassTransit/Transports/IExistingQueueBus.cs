using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus of an <see cref="IExistingQueueTransport"/>, on which some messages are sent to a queue. On a bus without this
/// every message is published. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IExistingQueueBus
{
    /// <summary>
    /// Where a message of the topic is sent instead of being published; null for a topic that is published to. Asked
    /// before each publish, after <see cref="TransportBus.DeclareTopic"/>.
    /// </summary>
    Uri? SendAddress(TopicTopology topic);
}
