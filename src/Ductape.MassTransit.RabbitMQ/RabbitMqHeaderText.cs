using System.Text;
using RabbitMQ.Client;

namespace Ductape.MassTransit;

/// <summary>AMQP headers as this library shows them: text as text, times as times.</summary>
internal static class RabbitMqHeaderText
{
    public static IReadOnlyDictionary<string, object?> Of(IDictionary<string, object?>? headers) =>
        (headers ?? new Dictionary<string, object?>()).ToDictionary(x => x.Key, x => x.Value switch
        {
            byte[] text => Encoding.UTF8.GetString(text),
            AmqpTimestamp time => DateTimeOffset.FromUnixTimeSeconds(time.UnixTime),
            var value => value,
        });
}
