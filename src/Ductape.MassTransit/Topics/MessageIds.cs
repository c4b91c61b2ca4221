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

        return context.TryGetPayload(out ISenderMessageId? sender) && !string.IsNullOrWhiteSpace(sender.SenderMessageId) ? sender.SenderMessageId : null;
    }

    /// <summary>
    /// The id that a received envelope says, however it is written; null for none, and for a message without an
    /// envelope.
    /// </summary>
    public static string? OfEnvelope(ReceiveContext context)
    {
        if (!TopicEnvelopeSerializer.IsEnvelope(context.ContentType?.MediaType))
            return null;

        try
        {
            using var document = JsonDocument.Parse(context.GetBody(), LenientJsonText.AnyDepth);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (string.Equals(LenientJsonText.NameOf(property), "messageId", StringComparison.OrdinalIgnoreCase) && TextOf(property.Value) is { } id)
                    return id;
            }
        }
        // MassTransit has read it otherwise, with its comments or commas.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
        }

        return null;
    }

    /// <summary>An id in JSON; null for what is no text, and for a blank one.</summary>
    public static string? TextOf(JsonElement id) =>
        id.ValueKind == JsonValueKind.String && LenientJsonText.Of(id) is var text && !string.IsNullOrWhiteSpace(text) ? Normalize(text) : null;

    /// <summary>The id among the headers, which for a message without an envelope are its transport's.</summary>
    public static string? OfHeaders(Headers headers) => headers.TryGetHeader(MessageHeaders.MessageId, out var id) ? id as string : null;

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
}
