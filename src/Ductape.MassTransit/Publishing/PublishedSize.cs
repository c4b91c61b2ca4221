using Ductape.MassTransit.Json;
using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Publishing;

/// <summary>Refuses a message that its broker would not take.</summary>
internal static class PublishedSize
{
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.MessageTooLarge"/>, or
    /// <see cref="DuctapeErrorCodes.InvalidInput"/> for null and what else the transport refuses.</exception>
    public static void Check(Route route, ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, object?>? headers)
    {
        if (PayloadJson.IsNull(payload))
            throw PublishedPayload.Missing(route);
        if (payload.Length > route.MaxMessageSize)
        {
            throw route.Error(DuctapeErrorCodes.MessageTooLarge,
                $"the payload has {payload.Length} bytes and {route.Entity} on {route.Connection.Description} takes at most "
                + $"{route.MaxMessageSize}. Nothing was sent. Send less, or raise MaxMessageSize of the broker's environment where the "
                + "broker itself allows more.");
        }

        if (route.Limits is not null)
            CheckLimits(route, payload, headers);
        else if (headers is { Count: > 0 } && route.MaxMessageSize is { } most)
            PublishedHeaders.CheckSize(headers, payload.Length, most, route);
    }

    private static void CheckLimits(Route route, ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, object?>? headers)
    {
        try
        {
            route.Limits!.Check(payload, headers, route.Format, route.MaxMessageSize ?? int.MaxValue);
        }
        catch (DuctapeException exception)
        {
            throw exception.During(route.Event, route.Env, route.ProductTag);
        }
    }
}
