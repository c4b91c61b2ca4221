using System.Text;
using RabbitMQ.Client;

namespace Ductape.MassTransit;

/// <summary>AMQP headers as this library shows them: text as text, times as times.</summary>
internal static class RabbitMqHeaderText
{
    // What DateTimeOffset has: the years 1 to 9999. AMQP has any number of seconds.
    private const long Earliest = -62_135_596_800;
    private const long Latest = 253_402_300_799;

    public static IReadOnlyDictionary<string, object?> Of(IDictionary<string, object?>? headers) =>
        (headers ?? new Dictionary<string, object?>()).ToDictionary(x => x.Key, x => x.Value switch
        {
            byte[] text => Encoding.UTF8.GetString(text),
            AmqpTimestamp { UnixTime: >= Earliest and <= Latest } time => DateTimeOffset.FromUnixTimeSeconds(time.UnixTime),
            AmqpTimestamp time => time.UnixTime,
            var value => value,
        });
}
