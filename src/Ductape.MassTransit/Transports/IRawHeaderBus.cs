using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A bus whose broker has headers with values that MassTransit shows as something else, as bytes that are no text.
/// Without this, MassTransit's are what a callback sees. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IRawHeaderBus
{
    /// <summary>
    /// The headers of a delivery that has such values; null for one that has none. Asked when a callback reads them.
    /// </summary>
    IReadOnlyDictionary<string, object?>? FindHeaders(ReceiveContext context);
}
