using System.Text.Json;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit.Topics;

/// <summary>All headers of a message as one JSON object in one header, for brokers that allow but a few.</summary>
internal static class PackedHeaders
{
    public const string Name = "ductape-headers";

    // MassTransit reads the two from headers of these names, and a peer may too.
    private static readonly string[] Apart = [MessageHeaders.MessageId, MessageHeaders.CorrelationId];

    public static void Pack(SendContext context, Guid messageId)
    {
        var packed = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in context.Headers.GetAll().ToArray())
        {
            if (name == Name || Apart.Contains(name))
                continue;

            packed[name] = value;
            context.Headers.Set(name, null);
        }

        context.Headers.Set(MessageHeaders.MessageId, messageId.ToString());
        if (packed.Count > 0)
            context.Headers.Set(Name, JsonSerializer.Serialize(packed, PayloadJson.DefaultOptions));
    }

    /// <summary>A transport's headers, unpacked where they are packed.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Of(IReadOnlyDictionary<string, object?> headers) =>
        headers.GetValueOrDefault(Name) is string json && Unpack(json) is { } packed
            ? packed.Select(x => KeyValuePair.Create(x.Key, (object?)x.Value)).Concat(headers)
            : headers;

    /// <summary>The headers of a message, unpacked where they are packed.</summary>
    public static Headers Of(ConsumeContext context) =>
        context.Headers.TryGetHeader(Name, out var value) && value is string json && Unpack(json) is { } packed
            ? new UnpackedHeaders(context.Headers, packed)
            : context.Headers;

    // Null where it is a peer's own header of this name.
    private static Dictionary<string, JsonElement>? Unpack(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
