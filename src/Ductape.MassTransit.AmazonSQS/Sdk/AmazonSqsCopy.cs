using System.Globalization;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Ductape.MassTransit;

/// <summary>The attributes of a message that is sent once more.</summary>
internal static class AmazonSqsCopy
{
    /// <summary>The same attributes with other headers; a null takes one out.</summary>
    public static Dictionary<string, MessageAttributeValue> AttributesOf(Message original, IEnumerable<KeyValuePair<string, object?>> headers)
    {
        var all = new Dictionary<string, MessageAttributeValue>(original.MessageAttributes ?? [], StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            if (Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text)
                all[name] = Text(text);
            else
                all.Remove(name);
        }

        return all;
    }

    public static MessageAttributeValue Text(string value) => new() { DataType = "String", StringValue = value };

    public static string? TextOf(Message message, string name) => message.MessageAttributes?.GetValueOrDefault(name)?.StringValue;

    public static string? SystemTextOf(Message message, MessageSystemAttributeName name) => message.Attributes?.GetValueOrDefault(name);

    public static bool IsFifo(string queue) => queue.EndsWith(AmazonSqsNaming.FifoSuffix, StringComparison.Ordinal);
}
