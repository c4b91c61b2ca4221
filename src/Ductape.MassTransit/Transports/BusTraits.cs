using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>What is so of a bus and asks nothing of it.</summary>
[Flags]
[Experimental("DUCTAPE001")]
public enum BusTraits
{
    /// <summary>Nothing of it.</summary>
    None = 0,

    /// <summary>
    /// The messages are in the bus itself, or the bus is not this library's, so that no other bus could take its place
    /// when a reload changes a topic.
    /// </summary>
    HoldsMessages = 1,

    /// <summary>
    /// An endpoint without a subscription is left running and its messages wait inside it, instead of stopping it. For
    /// transports whose endpoints are cheap to keep and costly to start.
    /// </summary>
    KeepsEndpointsRunning = 2,

    /// <summary>The broker itself removes an ephemeral queue when its consumer stops.</summary>
    RemovesEphemeralQueues = 4,
}
