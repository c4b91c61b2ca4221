using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus that can return what was delivered and not acknowledged to its queue before the endpoint has stopped. Without
/// this, stopping the endpoint returns it. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IDeliveryReturningBus
{
    /// <summary>
    /// Gives what was delivered and not acknowledged back to its queue, in its old place, before another consumer of
    /// the queue gets more; called for topics that are handled in order, before their endpoint is stopped.
    /// </summary>
    /// <param name="topology">The endpoint. Nothing may have been delivered to it yet.</param>
    Task ReturnDeliveriesAsync(EndpointTopology topology);

    /// <summary>
    /// The wait for the callbacks of an endpoint that is being stopped was given up: what was delivered to it and not
    /// acknowledged returns to its queue at once, and can no longer be acknowledged here.
    /// </summary>
    /// <param name="topology">The endpoint.</param>
    Task AbandonDeliveriesAsync(EndpointTopology topology);
}
