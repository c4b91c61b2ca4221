using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>
/// The properties of a failed message as far as Service Bus takes them: a message whose properties are too large is
/// refused, and would be delivered again until Service Bus itself gives it up.
/// </summary>
internal static class AzureServiceBusFailure
{
    /// <summary>The header with the names of all that was cut, a JSON array.</summary>
    public const string Header = "ductape-cut";

    /// <summary>The most bytes of properties that Service Bus takes, as it is documented.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>What a failure needs of them in its shortest form, and what Service Bus itself adds.</summary>
    public const int Room = 8 * 1024;

    // The names of what was cut, and what Service Bus itself adds.
    private const int MostOfOthers = 2 * 1024;
    private const int MostNames = 8;
    private const int LongestName = 100;

    private const int LongestText = 2 * 1024;

    // Service Bus takes 64 KB of properties and 32 KB of one; a stack trace in UTF-16 stays under both with all the
    // others.
    private const int LongestStackTrace = 8 * 1024;

    /// <summary>A header of the failure, cut where it is long.</summary>
    public static object Fit(string name, object value) => value switch
    {
        string text when name == MessageHeaders.FaultStackTrace => Cut(text, LongestStackTrace),
        string text => Cut(text, LongestText),
        Uri uri => Cut(uri.ToString(), LongestText),
        _ => value,
    };

    /// <summary>
    /// What changes when a failed message is set aside: the headers of its failure, as far as there is room beside its
    /// own.
    /// </summary>
    /// <param name="failure">The headers of the failure.</param>
    /// <param name="own">The properties that the message has, which may be from anybody.</param>
    /// <returns>What to set; a null takes one of its own out.</returns>
    public static IReadOnlyDictionary<string, object?> Fit(
        IEnumerable<KeyValuePair<string, object>> failure, IEnumerable<KeyValuePair<string, object>> own)
    {
        var changes = failure.ToDictionary(x => x.Key, object? (x) => Fit(x.Key, x.Value), StringComparer.Ordinal);
        var kept = own.Where(x => !changes.ContainsKey(x.Key)).Select(x => (x.Key, Size: SizeOf(x.Key, x.Value))).ToList();
        var over = changes.Sum(x => SizeOf(x.Key, x.Value)) + kept.Sum(x => x.Size) + MostOfOthers - MostBytes;
        if (over <= 0)
            return changes;

        var cut = new List<string>();
        // The rest of the failure after its long texts; of it stays what tells most.
        foreach (var (name, size) in changes.Where(x => x.Key is not (MessageHeaders.Reason or MessageHeaders.FaultExceptionType or MessageHeaders.FaultTimestamp))
            .Select(x => (x.Key, SizeOf(x.Key, x.Value))).OrderBy(x => RankOf(x.Key)).ToList())
        {
            if (over > 0)
                Remove(name, size, () => changes.Remove(name));
        }

        foreach (var (name, size) in kept.OrderByDescending(x => x.Size))
        {
            if (over > 0)
                Remove(name, size, () => changes[name] = null);
        }

        changes[Header] = JsonSerializer.Serialize(cut.Count <= MostNames ? cut : cut[..MostNames].Append("…"));
        return changes;

        void Remove(string name, int size, Action remove)
        {
            over -= size;
            cut.Add(name.Length <= LongestName ? name : name[..LongestName] + "…");
            remove();
        }
    }

    /// <summary>The bytes of a property.</summary>
    public static int SizeOf(string name, object? value) =>
        Encoding.UTF8.GetByteCount(name)
        + (value is byte[] bytes ? bytes.Length : Encoding.UTF8.GetByteCount(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")) + 8;

    private static int RankOf(string name) => name switch
    {
        MessageHeaders.FaultStackTrace => 0,
        MessageHeaders.FaultMessage => 1,
        _ => 2,
    };

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
