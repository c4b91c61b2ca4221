using System.Net.Mime;
using System.Runtime.Serialization;
using Ductape.MassTransit.Json;
using MassTransit.Serialization;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// Reads JSON without an envelope as MassTransit does, after it was made UTF-8: peers write byte order marks and other
/// charsets. What cannot be read says why in its failure; MassTransit's own says only that there was an error.
/// </summary>
internal sealed class BareJsonDeserializer : IMessageDeserializer, ISerializerFactory
{
    public static readonly BareJsonDeserializer Instance = new();

    private static readonly SystemTextJsonRawMessageSerializer Json = new(RawSerializerOptions.AnyMessageType | RawSerializerOptions.CopyHeaders);

    public ContentType ContentType => Json.ContentType;

    public IMessageSerializer CreateSerializer() => Json;

    public IMessageDeserializer CreateDeserializer() => this;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => new LenientConsumeContext(receiveContext,
        Read(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress, receiveContext.ContentType?.CharSet));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress) => Read(body, headers, destinationAddress, null);

    public MessageBody GetMessageBody(string text) => Json.GetMessageBody(text);

    public void Probe(ProbeContext context) => Json.Probe(context);

    private static SerializerContext Read(MessageBody body, Headers headers, Uri? destinationAddress, string? charset)
    {
        // Such a body is text in a document of its transport, which MassTransit takes out.
        if (body is not JsonMessageBody)
        {
            var bytes = body.GetBytes();
            var utf8 = JsonCharset.ToUtf8(bytes, charset);
            if (!ReferenceEquals(utf8, bytes))
                body = new BytesMessageBody(utf8);
        }

        try
        {
            return Json.Deserialize(body, headers, destinationAddress);
        }
        catch (SerializationException exception) when (exception.InnerException is { } cause)
        {
            // Without the cause: of an exception MassTransit notes the innermost alone.
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                $"the body is not JSON{(string.IsNullOrWhiteSpace(charset) ? "" : $" (its content type says charset '{charset}')")}: {cause.Message}");
        }
    }
}
