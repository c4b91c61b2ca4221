using System.Net.Mime;
using MassTransit.Serialization;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// Writes MassTransit's JSON envelope around a topic's payload, in one pass and without indentation. What MassTransit's
/// own serializer writes for the same message says the same, and describes the sending process besides.
/// </summary>
/// <param name="own">What goes into the envelope besides MassTransit's headers, or null.</param>
internal sealed class TopicEnvelopeSerializer(IEnvelopeHeaders? own) : IMessageSerializer
{
    public static readonly TopicEnvelopeSerializer Instance = new(null);

    /// <summary>MassTransit's own, for the format without an envelope.</summary>
    public static readonly SystemTextJsonRawMessageSerializer BareJson = new(RawSerializerOptions.AnyMessageType);

    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    /// <summary>Whether a body of that content type is MassTransit's JSON envelope.</summary>
    public static bool IsEnvelope(string? contentType) =>
        contentType?.StartsWith(SystemTextJsonMessageSerializer.JsonContentType.MediaType, StringComparison.OrdinalIgnoreCase) == true;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class =>
        context.Message is TopicMessage message
            ? new TopicEnvelopeBody(context, message.Body, own)
            : SystemTextJsonMessageSerializer.Instance.GetMessageBody(context);
}
