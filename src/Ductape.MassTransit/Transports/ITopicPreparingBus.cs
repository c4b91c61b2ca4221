using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus that asks its broker before a topic is used. Without this, <see cref="TransportBus.DeclareTopic"/> is all that
/// is done. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface ITopicPreparingBus
{
    /// <summary>
    /// Prepares at the broker what <see cref="TransportBus.DeclareTopic"/> cannot; called once per topic and
    /// connection, before the first publish or subscription, and again after a loss.
    /// </summary>
    Task PrepareTopicAsync(TopicTopology topic, CancellationToken cancellationToken);
}
