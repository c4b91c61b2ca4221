using System.Text;
using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>
/// Why a message failed, as one attribute of a message in an <c>_error</c> queue: MassTransit's headers of a failure
/// are up to seventeen, and AWS takes ten attributes.
/// </summary>
internal static class AmazonSqsFailure
{
    /// <summary>The attribute, a JSON object in ASCII.</summary>
    public const string Name = "ductape-failure";

    /// <summary>In it: the message group that the message had in its own queue, where that is a FIFO queue.</summary>
    public const string Group = "ductape-group";

    private const int LongestText = 4 * 1024;
    private const int LongestStackTrace = 16 * 1024;

    // The name of the attribute and its type, which AWS counts too.
    private const int Overhead = 32;

    // The shortest value of one that is still worth its place.
    private const int Least = 64;

    /// <summary>Puts headers together in at most so many bytes. The stack trace is what is cut first.</summary>
    /// <returns>Null where not even the rest fits.</returns>
    public static string? Pack(IEnumerable<KeyValuePair<string, string>> headers, int maxBytes)
    {
        var all = headers.ToDictionary(
            x => x.Key, x => Cut(x.Value, x.Key == MessageHeaders.FaultStackTrace ? LongestStackTrace : LongestText), StringComparer.Ordinal);
        foreach (var name in new[] { MessageHeaders.FaultStackTrace, MessageHeaders.FaultMessage })
        {
            while (JsonSerializer.Serialize(all) is var json)
            {
                var over = json.Length + Overhead - maxBytes;
                if (over <= 0)
                    return json;
                if (!all.TryGetValue(name, out var text) || text.Length <= Least)
                    break;

                // Escapes take several bytes for a character, so this may take more than one round.
                all[name] = Cut(text, Math.Max(Least, text.Length - Math.Max(1, over / 6)));
            }

            all.Remove(name);
        }

        return JsonSerializer.Serialize(all) is var rest && rest.Length + Overhead <= maxBytes ? rest : null;
    }

    /// <summary>What <see cref="Pack"/> put together; nothing where it is something else.</summary>
    public static IReadOnlyDictionary<string, string> Unpack(string? json)
    {
        try
        {
            return json is null ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return new Dictionary<string, string>();
        }
    }

    /// <summary>
    /// Whether AWS takes a text as the value of an attribute: not empty, and of characters that XML has.
    /// </summary>
    public static bool IsTaken(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is not ('\t' or '\n' or '\r' or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFC) or >= 0x10000))
                return false;
        }

        return text.Length > 0;
    }

    /// <summary>The bytes that AWS counts for an attribute that is a text.</summary>
    public static int SizeOf(string name, string value) => Encoding.UTF8.GetByteCount(name) + "String".Length + Encoding.UTF8.GetByteCount(value);

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
