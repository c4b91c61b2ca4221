using MassTransit.InMemoryTransport;

namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>
/// Copies of in-memory messages that keep the transport's headers, which MassTransit leaves behind when it moves a
/// message.
/// </summary>
internal static class InMemoryCopy
{
    public static InMemoryTransportMessage Of(
        ReceiveContext context, IEnumerable<KeyValuePair<string, object>> headers, TimeSpan? delay = null)
    {
        var routingKey = context.TryGetPayload(out RoutingKeyConsumeContext? routed) ? routed.RoutingKey : null;
        return Make(context.GetBody(), context.TransportHeaders.GetAll().Select(x => KeyValuePair.Create(x.Key, (object?)x.Value))
            .Concat(headers.Select(x => KeyValuePair.Create(x.Key, (object?)x.Value))), routingKey, delay);
    }

    /// <summary>The message with other headers; a null takes one out.</summary>
    public static InMemoryTransportMessage Of(InMemoryTransportMessage message, IEnumerable<KeyValuePair<string, object?>> headers) => Make(
        message.Body, message.Headers.GetAll().Select(x => KeyValuePair.Create(x.Key, (object?)x.Value)).Concat(headers), message.RoutingKey, null);

    private static InMemoryTransportMessage Make(
        byte[] body, IEnumerable<KeyValuePair<string, object?>> headers, string? routingKey, TimeSpan? delay)
    {
        var all = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
            all[name] = value;

        var id = all.GetValueOrDefault(MessageHeaders.MessageId) is string text && Guid.TryParse(text, out var given) ? given : NewId.NextGuid();
        var copy = new InMemoryTransportMessage(id, body, all.GetValueOrDefault(MessageHeaders.ContentType) as string ?? "")
        {
            RoutingKey = routingKey,
            Delay = delay,
        };
        // Its place among the deliveries is not that of the original.
        all.Remove(InMemoryDeliveryNumbers.Header);
        foreach (var (name, value) in all)
            copy.Headers.Set(name, value);
        return copy;
    }
}
