using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus whose dead letters can be looked at, replayed and discarded. Without this, <see cref="IDeadLetters"/> fails
/// with <see cref="DuctapeErrorCodes.BrokerTypeNotSupported"/>. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IDeadLetterBus
{
    /// <summary>
    /// The messages of a queue that failed for good. A queue whose error queue does not exist has none.
    /// </summary>
    /// <param name="queue">The subscription's queue, not that of its errors.</param>
    /// <param name="settings">The settings of the subscription's broker.</param>
    IDeadLetterQueue GetDeadLetterQueue(string queue, TransportSettings settings);
}
