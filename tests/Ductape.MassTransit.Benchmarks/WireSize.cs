using System.Text;
using RabbitMQ.Client;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>How large one order is on RabbitMQ: the body, and the texts among its properties and headers.</summary>
internal static class WireSize
{
    public static async Task<IReadOnlyList<Row>> RunAsync(PrivateRabbitMq rabbit, IContender plain, IContender ductape)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(rabbit.Url) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var ofPlain = await MeasureAsync(channel, plain, MassTransitExchange);
        var ofDuctape = await MeasureAsync(channel, ductape, "sqsbroker-new-orders-bench");
        return
        [
            Row.Of("RabbitMQ: body B", [(ofPlain.Body, ofDuctape.Body)]),
            Row.Of("RabbitMQ: body, properties and headers B", [(ofPlain.All, ofDuctape.All)]),
        ];
    }

    private static string MassTransitExchange => $"{typeof(Order).Namespace}:{nameof(Order)}";

    private static async Task<(double Body, double All)> MeasureAsync(IChannel channel, IContender contender, string exchange)
    {
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, exchange, "");
        await EndToEnd.RunAsync(contender, 1);
        var message = await channel.BasicGetAsync(queue, true)
            ?? throw new InvalidOperationException($"{contender.Name} did not publish to {exchange}.");
        var properties = message.BasicProperties;
        var texts = new[] { properties.ContentType, properties.MessageId, properties.CorrelationId, properties.ReplyTo }
            .Concat(properties.Headers?.SelectMany(x => new[] { x.Key, x.Value as string ?? (x.Value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null) }) ?? []);
        return (message.Body.Length, message.Body.Length + texts.Sum(x => x is null ? 0 : Encoding.UTF8.GetByteCount(x)));
    }
}
