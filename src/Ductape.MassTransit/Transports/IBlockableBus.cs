using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus whose broker may take no publishes for a while although it is connected, as RabbitMQ with an alarm. A bus
/// without this is never blocked. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IBlockableBus
{
    /// <summary>
    /// Why the broker takes no publishes at present, for example an alarm; null while it does. Asked before each
    /// publish.
    /// </summary>
    string? Blocked { get; }

    /// <summary>Completes when the broker is <see cref="Blocked"/>; another one once that has ended.</summary>
    Task WhenBlocked { get; }

    /// <summary>
    /// The application is about to stop: gives up the publishes that cannot be confirmed because the broker is
    /// <see cref="Blocked"/>, so that the callbacks which wait for them end.
    /// </summary>
    Task GiveUpBlockedAsync();
}
