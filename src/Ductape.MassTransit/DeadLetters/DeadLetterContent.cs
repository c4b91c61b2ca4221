using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>What a failed message says itself: out of MassTransit's envelope, or bare. What is not readable is left as it is.</summary>
internal sealed record DeadLetterContent(
    ReadOnlyMemory<byte> Payload, IReadOnlyDictionary<string, object?> Headers, Guid? MessageId = null, Guid? CorrelationId = null)
{
    public static DeadLetterContent Of(DeadLetterMessage message)
    {
        var bare = new DeadLetterContent(message.Body, HeaderValues.UsersOf(PackedHeaders.Of(message.Headers), isBare: true));
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
                        ? HeaderValues.UsersOf(headers.EnumerateObject().Select(x => KeyValuePair.Create(x.Name, (object?)x.Value)), isBare: false)
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

    private static Guid? IdOf(JsonElement envelope, string name) =>
        envelope.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var guid) ? guid : null;
}
