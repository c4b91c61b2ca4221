using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MassTransit.Serialization;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// The envelope of one message, written when MassTransit asks for the bytes: after everything that may still set a
/// header. Without MassTransit's description of the sending process, which is a third of the bytes: the source address
/// names machine and process too.
/// </summary>
internal sealed class TopicEnvelopeBody(SendContext context, ReadOnlyMemory<byte> payload, IEnvelopeHeaders? own) : MessageBody
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _cached;

    private byte[]? _bytes;

    public long? Length => _bytes?.Length;

    public Stream GetStream() => new MemoryStream(GetBytes(), writable: false);

    public string GetString() => Encoding.UTF8.GetString(GetBytes());

    public byte[] GetBytes() => _bytes ??= Write();

    private byte[] Write()
    {
        // Taken, not shared: a header's converter could publish in its turn.
        var (buffer, writer) = _cached ?? NewWriter();
        _cached = null;
        writer.WriteStartObject();
        WriteId(writer, "messageId"u8, context.MessageId);
        WriteId(writer, "requestId"u8, context.RequestId);
        WriteId(writer, "correlationId"u8, context.CorrelationId);
        WriteId(writer, "conversationId"u8, context.ConversationId);
        WriteId(writer, "initiatorId"u8, context.InitiatorId);
        WriteAddress(writer, "sourceAddress"u8, context.SourceAddress);
        WriteAddress(writer, "destinationAddress"u8, context.DestinationAddress);
        WriteAddress(writer, "responseAddress"u8, context.ResponseAddress);
        WriteAddress(writer, "faultAddress"u8, context.FaultAddress);
        writer.WriteStartArray("messageType"u8);
        foreach (var type in context.SupportedMessageTypes)
            writer.WriteStringValue(type);
        writer.WriteEndArray();
        writer.WritePropertyName("message"u8);
        // A place for the payload, which is copied once, into an array of the right size.
        writer.WriteNullValue();
        writer.Flush();
        var end = buffer.WrittenCount;
        if (context.SentTime is { } sent)
        {
            writer.WriteString("sentTime"u8, sent);
            if (context.TimeToLive is { } timeToLive)
                writer.WriteString("expirationTime"u8, sent + timeToLive);
        }

        WriteHeaders(writer);
        writer.WriteEndObject();
        writer.Flush();

        var before = buffer.WrittenSpan[..(end - "null"u8.Length)];
        var after = buffer.WrittenSpan[end..];
        var bytes = GC.AllocateUninitializedArray<byte>(before.Length + payload.Length + after.Length);
        before.CopyTo(bytes);
        payload.Span.CopyTo(bytes.AsSpan(before.Length));
        after.CopyTo(bytes.AsSpan(before.Length + payload.Length));
        buffer.ResetWrittenCount();
        writer.Reset();
        // Big headers must not keep their memory for ever.
        if (buffer.Capacity <= 64 * 1024)
            _cached = (buffer, writer);
        return bytes;
    }

    private void WriteHeaders(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("headers"u8);
        if (own?.BelongTo(context.MessageId, payload) == true)
            own.Write(writer);
        foreach (var header in context.Headers.GetAll())
        {
            // MassTransit hands on the headers of the message that is being consumed, and with them a session that is
            // not this message's.
            if (SessionHeaderNames.IsOne(header.Key))
                continue;

            switch (header.Value)
            {
                case null:
                    break;
                case string text:
                    writer.WriteString(header.Key, text);
                    break;
                default:
                    writer.WritePropertyName(header.Key);
                    JsonSerializer.Serialize(writer, header.Value, header.Value.GetType(), SystemTextJsonMessageSerializer.Options);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Guid? id)
    {
        if (id is { } value)
            writer.WriteString(name, value);
    }

    private static void WriteAddress(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Uri? address)
    {
        if (address is not null)
            writer.WriteString(name, address.ToString());
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) NewWriter()
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        return (buffer, new Utf8JsonWriter(buffer, WriterOptions));
    }
}
