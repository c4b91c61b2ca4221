using System.Globalization;
using System.Text;
using System.Text.Json;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// What AWS would refuse: SQS and SNS count headers and envelope with the payload, and take only characters that XML
/// has. A refused entry of a batch would be tried again until the publish is given up. And what MassTransit could not
/// read again.
/// </summary>
internal sealed class AmazonSqsMessageLimits : IMessageLimits
{
    /// <summary>The most bytes of a message that goes through SNS, or to a queue whose limit nobody raised.</summary>
    public const int DefaultLimit = 256 * 1024;

    /// <summary>The most bytes of a message that SQS takes where the queue allows it.</summary>
    public const int QueueLimit = 1024 * 1024;

    /// <summary>What envelope, addresses and attributes may take beside payload and headers.</summary>
    public const int Allowance = 4 * 1024;

    // SQS takes ten attributes.
    public bool PacksHeaders => true;

    public void Check(ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, object?>? headers, MessageFormat format, int maxMessageSize)
    {
        // Half of the allowance is the headers'; a session's are among them.
        if (headers is { Count: > 0 } && payload.Length + SizeOf(headers) > maxMessageSize + (Allowance / 2))
        {
            throw new DuctapeException(DuctapeErrorCodes.MessageTooLarge,
                $"the payload has {payload.Length} bytes and the headers {SizeOf(headers)}; Amazon SQS counts both, and takes at most "
                + $"{maxMessageSize + (Allowance / 2)} together. Nothing was sent. Send less, or a reference to what is stored elsewhere.");
        }

        // MassTransit looks into every message from SQS for the envelope of SNS, and fails where there is nothing to
        // look into.
        if (format == MessageFormat.Json && payload[0] != '{')
        {
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                "the payload is not a JSON object, and with the format json Amazon SQS takes no other. Nothing was sent. Publish an object, or leave "
                + "the format of the broker's environment at envelope.");
        }

        if (format == MessageFormat.Json && HasTopicArn(payload))
        {
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                "the payload has a property 'TopicArn', and with the format json MassTransit takes it for the envelope of SNS. Nothing was sent. Rename "
                + "the property, or leave the format of the broker's environment at envelope.");
        }

        // U+FFFE and U+FFFF, which JSON allows and XML does not; what else XML lacks, JSON escapes.
        if (payload.IndexOf("\uFFFE"u8) >= 0 || payload.IndexOf("\uFFFF"u8) >= 0)
        {
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                "the payload has the character U+FFFE or U+FFFF, which Amazon SQS does not take. Nothing was sent. Escape it as \\uFFFE or \\uFFFF.");
        }
    }

    // As the JSON they become: quotes, colon and comma, and up to twice the length where characters are escaped.
    private static int SizeOf(IReadOnlyDictionary<string, object?> headers) => headers.Sum(x =>
        Encoding.UTF8.GetByteCount(x.Key) + 6
        + (Convert.ToString(x.Value, CultureInfo.InvariantCulture) is { } text ? Encoding.UTF8.GetByteCount(text) + text.Count(c => c is '"' or '\\') : 0));

    private static bool HasTopicArn(ReadOnlySpan<byte> payload)
    {
        if (payload.IndexOf("opicArn"u8) < 0)
            return false;

        var reader = new Utf8JsonReader(payload);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && (reader.ValueTextEquals("TopicArn"u8) || reader.ValueTextEquals("topicArn"u8)))
                return true;
        }

        return false;
    }
}
