using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus with a way of its own to deliver a failed message again later, or with none. On a bus without this it is
/// MassTransit's delayed delivery (<see cref="SendContext.Delay"/>). Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IRedeliveringBus
{
    /// <summary>
    /// Whether <see cref="RedeliverAsync"/> works on this bus. Asked once per endpoint; where it does not, the log says
    /// so for topics that ask for redelivery. <value>Default: true.</value>
    /// </summary>
    bool CanRedeliver => true;

    /// <summary>
    /// Puts a message aside for a while and back into its queue then, as it is. When the task completes, the copy is in
    /// the broker's hands and the original can be acknowledged.
    /// </summary>
    Task RedeliverAsync(DelayedMessage message);
}
