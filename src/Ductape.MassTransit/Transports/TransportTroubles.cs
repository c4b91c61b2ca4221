using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// What does not work at present on a bus although its broker is connected. While there is something the health of the
/// connection is degraded; its beginning is a warning in the log and its end an information. Thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public sealed class TransportTroubles
{
    private readonly ConcurrentDictionary<string, string> _current = new(StringComparer.Ordinal);

    /// <summary>What there is, in words.</summary>
    public IReadOnlyCollection<string> Current => _current.IsEmpty ? [] : [.. _current.Values.Order(StringComparer.Ordinal)];

    internal Action<string>? Began { get; set; }

    internal Action<string>? Ended { get; set; }

    /// <summary>Something does not work. Said once, until it has ended.</summary>
    /// <param name="key">What it is about.</param>
    /// <param name="text">What does not work and why, as a sentence without its full stop. Without secrets.</param>
    public void Begin(string key, string text)
    {
        if (_current.TryAdd(key, text))
            Began?.Invoke(text);
    }

    /// <summary>It works again. Nothing happens where it did before.</summary>
    public void End(string key)
    {
        if (!_current.IsEmpty && _current.TryRemove(key, out var text))
            Ended?.Invoke(text);
    }
}
