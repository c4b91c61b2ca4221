using System.Collections;
using System.Text;
using System.Text.Unicode;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Messages;

/// <summary>
/// AMQP headers as this library shows them: text as text, times as times, and as bytes what is neither.
/// </summary>
internal static class RabbitMqHeaderText
{
    // What DateTimeOffset has: the years 1 to 9999. AMQP has any number of seconds.
    private const long Earliest = -62_135_596_800;
    private const long Latest = 253_402_300_799;

    // A frame takes tens of thousands of tables in each other, and walking into all of them would use up the stack and
    // end the process.
    private const int MostLevels = 100;
    private const string More = "…";

    /// <summary>The headers. What lies deeper than 100 levels is <c>…</c>.</summary>
    public static IReadOnlyDictionary<string, object?> Of(IDictionary<string, object?>? headers) => Of(headers ?? new Dictionary<string, object?>(), 0);

    /// <summary>Whether there are more levels in a value than anybody walks into.</summary>
    public static bool IsTooDeep(object? value)
    {
        if (PartsOf(value) is null)
            return false;

        var left = new Stack<(object? Value, int Level)>([(value, 1)]);
        while (left.TryPop(out var next))
        {
            if (PartsOf(next.Value) is not { } parts)
                continue;
            if (next.Level > MostLevels)
                return true;

            foreach (var part in parts)
                left.Push((part, next.Level + 1));
        }

        return false;
    }

    private static IEnumerable? PartsOf(object? value) => value switch
    {
        byte[] => null,
        IDictionary<string, object?> table => table.Values,
        IList list => list,
        _ => null,
    };

    private static Dictionary<string, object?> Of(IDictionary<string, object?> table, int level) => table.ToDictionary(x => x.Key, x => Of(x.Value, level));

    // AMQP has one type for text and for bytes.
    private static object? Of(object? value, int level) => value switch
    {
        byte[] bytes => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : bytes,
        BinaryTableValue binary => binary.Bytes,
        AmqpTimestamp { UnixTime: >= Earliest and <= Latest } time => DateTimeOffset.FromUnixTimeSeconds(time.UnixTime),
        AmqpTimestamp time => time.UnixTime,
        IDictionary<string, object?> or IList when level >= MostLevels => More,
        IDictionary<string, object?> table => Of(table, level + 1),
        IList list => list.Cast<object?>().Select(x => Of(x, level + 1)).ToArray(),
        _ => value,
    };
}
