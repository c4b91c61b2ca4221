using System.Text;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit.Publishing;

/// <summary>Refuses headers that a publish cannot have.</summary>
internal static class PublishedHeaders
{
    private const int MaxNameBytes = 255;

    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>: a name or a value is not
    /// possible, or a name is reserved.</exception>
    public static void Check(IReadOnlyDictionary<string, object?> headers, Route route)
    {
        if (Problem(headers, route.Format) is { } problem)
            throw route.Error(DuctapeErrorCodes.InvalidInput, problem);
    }

    /// <summary>What a publish with this format cannot have among its headers, and the remedy; or null.</summary>
    public static string? Problem(IReadOnlyDictionary<string, object?> headers, MessageFormat format)
    {
        foreach (var (name, value) in headers)
        {
            if (string.IsNullOrWhiteSpace(name))
                return "'input.headers' has a header with a blank name.";

            // AMQP's own limit, and enough everywhere.
            if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
                return $"'input.headers' has a header whose name is longer than {MaxNameBytes} bytes: '{name[..40]}…'.";

            if (format == MessageFormat.Json && HeaderValues.IsReadByMassTransit(name))
                return $"'input.headers.{name}' is reserved with the format json: MassTransit reads it as its own. Use another name.";

            if (HeaderValues.ReservedPrefix(name) is { } prefix)
                return $"'input.headers.{name}' is reserved: names that begin with '{prefix}' are set by the library. Use another name.";

            if (value is not null && HeaderValues.Normalize(value) is null)
                return $"'input.headers.{name}' is a {value.GetType().Name}; a header is a string, number, boolean, date, GUID or URI.";
        }

        return null;
    }

    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.MessageTooLarge"/>: payload and headers are
    /// larger than that.</exception>
    public static void CheckSize(IReadOnlyDictionary<string, object?> headers, int payload, int maxMessageSize, Route route)
    {
        var size = HeaderSize.Of(headers);
        if (payload + size <= maxMessageSize)
            return;

        throw route.Error(DuctapeErrorCodes.MessageTooLarge,
            $"the payload has {payload} bytes and the {headers.Count} headers take {size}; {route.Entity} on {route.Connection.Description} takes at most "
            + $"{maxMessageSize} together. Nothing was sent. Send less, or raise MaxMessageSize of the broker's environment where the broker itself allows more.");
    }
}
