using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// What a failed message says itself: out of MassTransit's envelope, or bare. What is not readable is left as it is.
/// </summary>
internal sealed record DeadLetterContent(
    ReadOnlyMemory<byte> Payload, IReadOnlyDictionary<string, object?> Headers, string? MessageId = null, Guid? CorrelationId = null)
{
    public static DeadLetterContent Of(DeadLetterMessage message)
    {
        var bare = new DeadLetterContent(message.Body, HeaderValues.UsersOf(PackedHeaders.Of(message.Headers), isBare: true));
        if (!TopicEnvelopeSerializer.IsEnvelope(message.ContentType))
            return bare;

        try
        {
            using var document = JsonDocument.Parse(message.Body, LenientJsonText.AnyDepth);
            return document.RootElement.ValueKind == JsonValueKind.Object ? OfEnvelope(document.RootElement, bare) : bare;
        }
        catch (JsonException)
        {
            return bare;
        }
    }

    /// <summary>A payload as a subscription would read it.</summary>
    /// <exception cref="JsonException">It is in no known charset.</exception>
    public static ReadOnlyMemory<byte> Utf8Of(ReadOnlyMemory<byte> payload, string? contentType)
    {
        if (TopicEnvelopeSerializer.IsEnvelope(contentType))
            return payload;

        string? charset = null;
        if (contentType is not null && MediaTypeHeaderValue.TryParse(contentType, out var type))
            charset = type.CharSet?.Trim('"');
        try
        {
            return JsonCharset.ToUtf8(payload.ToArray(), charset);
        }
        catch (DuctapeException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    private static DeadLetterContent OfEnvelope(JsonElement envelope, DeadLetterContent bare)
    {
        JsonElement? payload = null;
        var content = bare;
        foreach (var property in envelope.EnumerateObject())
        {
            // JsonElement's own look-up throws for a name beside it that is no text. MassTransit reads names in any
            // case.
            switch (LenientJsonText.NameOf(property).ToLowerInvariant())
            {
                case "message":
                    payload = property.Value;
                    break;
                case "headers" when property.Value.ValueKind == JsonValueKind.Object:
                    content = content with { Headers = HeadersOf(property.Value) };
                    break;
                case "messageid":
                    content = content with { MessageId = MessageIds.TextOf(property.Value) };
                    break;
                case "correlationid":
                    content = content with { CorrelationId = IdOf(property.Value) };
                    break;
            }
        }

        return payload is { } found ? content with { Payload = JsonMarshal.GetRawUtf8Value(found).ToArray() } : bare;
    }

    private static IReadOnlyDictionary<string, object?> HeadersOf(JsonElement headers) => HeaderValues.UsersOf(
        headers.EnumerateObject().Select(x => KeyValuePair.Create(LenientJsonText.NameOf(x), (object?)x.Value)), isBare: false);

    private static Guid? IdOf(JsonElement id) =>
        Guid.TryParse(MessageIds.TextOf(id), out var guid) ? guid : null;
}
