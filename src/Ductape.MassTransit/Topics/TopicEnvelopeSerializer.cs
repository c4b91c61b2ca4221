using System.Net.Mime;
using MassTransit.Serialization;

namespace Ductape.MassTransit;

/// <summary>
/// Writes MassTransit's JSON envelope around a topic's payload, in one pass and without indentation. What MassTransit's own serializer writes
/// for the same message says the same, and describes the sending process besides.
/// </summary>
internal sealed class TopicEnvelopeSerializer : IMessageSerializer
{
    public static readonly TopicEnvelopeSerializer Instance = new();

    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class =>
        context.Message is TopicMessage message
            ? new TopicEnvelopeBody(context, message.Body)
            : SystemTextJsonMessageSerializer.Instance.GetMessageBody(context);
}
