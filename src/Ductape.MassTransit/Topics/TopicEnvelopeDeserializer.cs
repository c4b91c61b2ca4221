using System.Net.Mime;
using System.Text;
using MassTransit.Serialization;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// Reads MassTransit's JSON envelope around the payload of one topic, without a document and without the parts that
/// nobody asks for. What it does not recognise it leaves to MassTransit's own deserializer.
/// </summary>
internal sealed class TopicEnvelopeDeserializer(TopicContract contract) : IMessageDeserializer, ISerializerFactory
{
    private readonly byte[] _urn = Encoding.UTF8.GetBytes(contract.Urn);

    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    public IMessageSerializer CreateSerializer() => TopicEnvelopeSerializer.Instance;

    public IMessageDeserializer CreateDeserializer() => this;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => TryRead(receiveContext.Body) is { } context
        ? new TopicConsumeContext(receiveContext, context)
        : new LenientConsumeContext(receiveContext,
            SystemTextJsonMessageSerializer.Instance.Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress) =>
        TryRead(body) ?? SystemTextJsonMessageSerializer.Instance.Deserialize(body, headers, destinationAddress);

    public MessageBody GetMessageBody(string text) => SystemTextJsonMessageSerializer.Instance.GetMessageBody(text);

    public void Probe(ProbeContext context) => SystemTextJsonMessageSerializer.Instance.Probe(context);

    private TopicSerializerContext? TryRead(MessageBody body)
    {
        // Such a body is wrapped once more by its transport, which MassTransit takes off.
        if (body is JsonMessageBody)
            return null;

        // An array of its own: the transport's buffer is reused after the message, the payload may be kept.
        var bytes = body.GetBytes();
        return TopicEnvelope.TryRead(bytes, _urn, out var envelope) ? new TopicSerializerContext(contract, body, bytes, envelope) : null;
    }
}
