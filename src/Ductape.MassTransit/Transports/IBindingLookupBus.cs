using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus that can tell without sending whether a queue would get a message. Without this,
/// <see cref="OnUnroutable.Fail"/> relies on what the broker returns (<see cref="PublishFault.Unroutable"/>).
/// Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IBindingLookupBus
{
    /// <summary>
    /// Whether a queue may be bound to the topic; true where that is not known. Asked before each publish of a topic
    /// whose messages must not be dropped.
    /// </summary>
    ValueTask<bool> MayHaveQueueAsync(TopicTopology topic, CancellationToken cancellationToken);
}
