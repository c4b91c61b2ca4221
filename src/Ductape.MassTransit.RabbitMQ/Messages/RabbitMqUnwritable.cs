using System.Buffers;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.RabbitMQ.Messages;

/// <summary>
/// Takes out of the properties of a received message what could not be published again. The client reads bytes that are
/// no UTF-8 as U+FFFD, which takes three bytes, so a name or a property of less than 255 bytes may have become longer
/// than AMQP allows. And what would make the server send copies elsewhere: a peer names other queues in <c>CC</c>,
/// which may be the very queue that the message failed in.
/// </summary>
internal static class RabbitMqUnwritable
{
    private const int MostBytes = 255;

    // The server takes them in this spelling alone.
    private static readonly string[] OtherDestinations = ["CC", "BCC"];

    /// <param name="properties">The properties, whose dictionary is not changed.</param>
    /// <param name="cut">Is told of what was taken out.</param>
    public static void TakeOutOf(BasicProperties properties, RabbitMqCutNames cut)
    {
        // The server closes the channel for one that is not the user of the connection.
        properties.ClearUserId();
        TakeOut(properties, OtherDestinations.Where(x => properties.Headers?.ContainsKey(x) == true), cut);
        // The client would walk into it.
        TakeOut(properties, properties.Headers?.Where(x => RabbitMqHeaderText.IsTooDeep(x.Value)).Select(x => x.Key) ?? [], cut);
        if (IsWritable(properties))
            return;

        TakeOut(properties, properties.Headers?.Where(x => !IsWritable(x)).Select(x => x.Key) ?? [], cut);
        Check("content_type", properties.ContentType, properties.ClearContentType);
        Check("content_encoding", properties.ContentEncoding, properties.ClearContentEncoding);
        Check("correlation_id", properties.CorrelationId, properties.ClearCorrelationId);
        Check("reply_to", properties.ReplyTo, properties.ClearReplyTo);
        Check("message_id", properties.MessageId, properties.ClearMessageId);
        Check("type", properties.Type, properties.ClearType);
        Check("app_id", properties.AppId, properties.ClearAppId);
        Check("cluster_id", properties.ClusterId, properties.ClearClusterId);

        void Check(string name, string? text, Action clear)
        {
            if (text is null || IsShort(text))
                return;

            cut.Add(name);
            clear();
        }
    }

    private static void TakeOut(BasicProperties properties, IEnumerable<string> headers, RabbitMqCutNames cut)
    {
        HashSet<string> names = [.. headers];
        if (names.Count == 0)
            return;

        properties.Headers = properties.Headers!.Where(x => !names.Contains(x.Key)).ToDictionary(x => x.Key, x => x.Value);
        foreach (var name in names)
            cut.Add(name);
    }

    private static bool IsWritable(KeyValuePair<string, object?> header) =>
        IsWritable(new BasicProperties { Headers = new Dictionary<string, object?> { [header.Key] = header.Value } });

    // Only the client knows.
    private static bool IsWritable(BasicProperties properties)
    {
        byte[]? buffer = null;
        try
        {
            buffer = ArrayPool<byte>.Shared.Rent(RabbitMqFrame.SizeOf(properties));
            ((IAmqpWriteable)properties).WriteTo(buffer);
            return true;
        }
        // A type that AMQP does not have, a number or a text that is too long for it.
        catch (Exception exception) when (exception is WireFormattingException or ArgumentException)
        {
            return false;
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsShort(string text) => text.Length <= MostBytes / 3 || Encoding.UTF8.GetByteCount(text) <= MostBytes;
}
