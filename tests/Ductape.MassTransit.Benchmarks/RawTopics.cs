using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// RabbitMQ.Client alone with many topics: one channel for publishing with tracked confirmations, and a channel for
/// each consumer. A single topic has the concurrency of this library's, many take one message of a channel at a time,
/// as the client does where nothing is said.
/// </summary>
internal sealed class RawTopics(IConnection connection, IChannel publishing, string[] topics) : IContender
{
    public string Name => "RabbitMQ.Client";

    public Action<Order> Received { get; set; } = _ => { };

    public static async Task<IContender> StartAsync(string url, int count)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(url) }.CreateConnectionAsync();
        var publishing = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var contender = new RawTopics(connection, publishing, [.. Enumerable.Range(0, count).Select(x => $"topic-{x}")]);
        foreach (var topic in contender.Topics)
            await contender.ConsumeAsync(topic, count == 1 ? (ushort)Load.Concurrency : (ushort)1);
        return contender;
    }

    private string[] Topics => topics;

    public async Task PublishAsync(Order order)
    {
        var properties = new BasicProperties { Persistent = true, ContentType = "application/json", MessageId = Guid.NewGuid().ToString() };
        await publishing.BasicPublishAsync(
            topics[order.Number % topics.Length], "", false, properties, JsonSerializer.SerializeToUtf8Bytes(order, JsonSerializerOptions.Web));
    }

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();

    private async Task ConsumeAsync(string topic, ushort concurrency)
    {
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(false, false, consumerDispatchConcurrency: concurrency));
        await channel.ExchangeDeclareAsync(topic, ExchangeType.Fanout, true);
        await channel.QueueDeclareAsync(topic, true, false, false);
        await channel.QueueBindAsync(topic, topic, "");
        await channel.BasicQosAsync(0, Load.Prefetch, false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            Received(JsonSerializer.Deserialize<Order>(delivery.Body.Span, JsonSerializerOptions.Web)!);
            await channel.BasicAckAsync(delivery.DeliveryTag, false);
        };
        await channel.BasicConsumeAsync(topic, false, consumer);
    }
}
