using System.Collections;
using System.Text;
using System.Text.Unicode;
using RabbitMQ.Client;

namespace Ductape.MassTransit;

/// <summary>AMQP headers as this library shows them: text as text, times as times, and as bytes what is neither.</summary>
internal static class RabbitMqHeaderText
{
    // What DateTimeOffset has: the years 1 to 9999. AMQP has any number of seconds.
    private const long Earliest = -62_135_596_800;
    private const long Latest = 253_402_300_799;

    public static IReadOnlyDictionary<string, object?> Of(IDictionary<string, object?>? headers) =>
        (headers ?? new Dictionary<string, object?>()).ToDictionary(x => x.Key, x => Of(x.Value));

    // AMQP has one type for text and for bytes.
    private static object? Of(object? value) => value switch
    {
        byte[] bytes => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : bytes,
        BinaryTableValue binary => binary.Bytes,
        AmqpTimestamp { UnixTime: >= Earliest and <= Latest } time => DateTimeOffset.FromUnixTimeSeconds(time.UnixTime),
        AmqpTimestamp time => time.UnixTime,
        IDictionary<string, object?> table => Of(table),
        IList list => list.Cast<object?>().Select(Of).ToArray(),
        _ => value,
    };
}
