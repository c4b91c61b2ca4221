using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>What a failed message says itself: out of MassTransit's envelope, or bare. What is not readable is left as it is.</summary>
internal sealed record DeadLetterContent(
    ReadOnlyMemory<byte> Payload, IReadOnlyDictionary<string, object?> Headers, Guid? MessageId = null, Guid? CorrelationId = null)
{
    public static DeadLetterContent Of(DeadLetterMessage message)
    {
        var bare = new DeadLetterContent(message.Body, Users(message.Headers, isBare: true));
        if (!TopicEnvelopeSerializer.IsEnvelope(message.ContentType))
            return bare;

        try
        {
            using var document = JsonDocument.Parse(message.Body);
            var envelope = document.RootElement;
            return envelope.ValueKind == JsonValueKind.Object && envelope.TryGetProperty("message", out var payload)
                ? new DeadLetterContent(
                    JsonMarshal.GetRawUtf8Value(payload).ToArray(),
                    envelope.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object
                        ? Users(headers.EnumerateObject().Select(x => KeyValuePair.Create(x.Name, (object?)x.Value)), isBare: false)
                        : bare.Headers,
                    IdOf(envelope, "messageId"),
                    IdOf(envelope, "correlationId"))
                : bare;
        }
        catch (JsonException)
        {
            return bare;
        }
    }

    private static Dictionary<string, object?> Users(IEnumerable<KeyValuePair<string, object?>> headers, bool isBare) => headers
        .Where(x => HeaderValues.IsUsers(x.Key, isBare))
        // AMQP tells names apart by case, a peer may use both.
        .DistinctBy(x => x.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(x => x.Key, x => HeaderValues.Normalize(x.Value) ?? (x.Value is JsonElement json ? json.Clone() : x.Value), StringComparer.OrdinalIgnoreCase);

    private static Guid? IdOf(JsonElement envelope, string name) =>
        envelope.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var guid) ? guid : null;
}
