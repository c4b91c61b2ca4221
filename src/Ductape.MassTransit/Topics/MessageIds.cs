using System.Text.Json;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit.Topics;

/// <summary>The ids of messages as text.</summary>
internal static class MessageIds
{
    /// <summary>MassTransit's id where there is one, else what the sender gave; null where it gave nothing.</summary>
    public static string? Of(ConsumeContext context)
    {
        if (context.MessageId is { } id)
            return id.ToString();

        return context.TryGetPayload(out ISenderMessageId? sender)
            ? First(sender.SenderMessageId, OfHeaders(context.Headers), OfHeaders(context.ReceiveContext.TransportHeaders))
            : null;
    }

    /// <summary>
    /// The id of a message that says it in several places, which are none where they are null or blank; null for none.
    /// A peer that writes an envelope may leave the broker's property out, or set it to an id of its own.
    /// </summary>
    /// <param name="envelope">The id in the envelope.</param>
    /// <param name="header">The one among the envelope's headers, of a copy that an application's bus has sent.</param>
    /// <param name="transport">The broker's property.</param>
    public static string? First(string? envelope, string? header, string? transport) =>
        !string.IsNullOrWhiteSpace(envelope) ? Normalize(envelope)
        : !string.IsNullOrWhiteSpace(header) ? Normalize(header)
        : !string.IsNullOrWhiteSpace(transport) ? Normalize(transport)
        : null;

    /// <summary>
    /// The id that a received envelope says, however it is written; null for none, and for a message without an
    /// envelope.
    /// </summary>
    public static string? OfEnvelope(ReceiveContext context)
    {
        if (!TopicEnvelopeSerializer.IsEnvelope(context.ContentType?.MediaType))
            return null;

        string? id = null;
        try
        {
            using var document = JsonDocument.Parse(context.GetBody(), LenientJsonText.AnyDepth);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (string.Equals(LenientJsonText.NameOf(property), "messageId", StringComparison.OrdinalIgnoreCase))
                    id = TextOf(property.Value);
            }
        }
        // MassTransit has read it otherwise, with its comments or commas.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
        }

        return id;
    }

    /// <summary>An id in JSON; null for what is no text, and for a blank one.</summary>
    public static string? TextOf(JsonElement id) =>
        id.ValueKind == JsonValueKind.String && LenientJsonText.Of(id) is var text && !string.IsNullOrWhiteSpace(text) ? Normalize(text) : null;

    /// <summary>What is wrong with the id that a publish was given, or null.</summary>
    public static string? ProblemOfGiven(string? id) => string.IsNullOrWhiteSpace(id) || Guid.TryParse(id, out _)
        ? null
        : $"'input.message_id' is '{id}', which is no GUID, as MassTransit's message ids are; give one, or none. "
            + "A text of your own fits into 'input.idempotency_key'.";

    /// <summary>The id that a publish was given, which has no problem, or a new one.</summary>
    public static Guid OfGiven(string? id) => string.IsNullOrWhiteSpace(id) ? NewId.NextGuid() : Guid.Parse(id);

    /// <summary>
    /// The one form of an id that may be spelled in several: a GUID as <see cref="Guid.ToString()"/> has it.
    /// </summary>
    public static string Normalize(string id) => Guid.TryParse(id, out var guid) ? guid.ToString() : id;

    private static string? OfHeaders(Headers headers) => headers.TryGetHeader(MessageHeaders.MessageId, out var id) ? id as string : null;
}
