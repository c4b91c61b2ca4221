using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus that receives on a connection of its own, and not on that of <see cref="TransportBus.ConnectAsync"/>. A bus
/// without this has one connection for both.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IReceiveConnectionBus
{
    /// <summary>
    /// Tries once to reach the broker for receiving. Called before the first receive endpoint starts, and again after
    /// each loss. Until it has succeeded, a receive endpoint that was connected to the bus waits and is not ready.
    /// </summary>
    /// <returns>As for <see cref="TransportBus.ConnectAsync"/>.</returns>
    Task<Task<string>> ConnectReceivingAsync(CancellationToken cancellationToken);
}
