using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// What a transport checks of every message before it is sent, since its broker would refuse it. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IMessageLimits
{
    /// <summary>
    /// Whether the broker allows but a few headers, so that all of them travel as one with
    /// <see cref="MessageFormat.Json"/>. <value>Default: false.</value>
    /// </summary>
    bool PacksHeaders => false;

    /// <summary>Refuses a message that the broker would not take.</summary>
    /// <param name="payload">The payload, UTF-8 JSON, already within <paramref name="maxMessageSize"/>.</param>
    /// <param name="headers">The headers of the publish, or null.</param>
    /// <param name="format">What will travel.</param>
    /// <param name="maxMessageSize">The largest payload in bytes, as it is configured.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.MessageTooLarge"/> or
    /// <see cref="DuctapeErrorCodes.InvalidInput"/>.</exception>
    void Check(
        ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, object?>? headers, MessageFormat format, int maxMessageSize);
}
