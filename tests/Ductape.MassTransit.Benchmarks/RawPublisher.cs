using System.Text.Json;
using RabbitMQ.Client;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>RabbitMQ.Client alone, one caller, a number of confirmations under way at once.</summary>
internal sealed class RawPublisher(IConnection connection, IChannel channel) : IAsyncDisposable
{
    private const string Exchange = "raw-published";

    public static async Task<RawPublisher> StartAsync(PrivateRabbitMq rabbit)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(rabbit.Url) }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, true);
        return new RawPublisher(connection, channel);
    }

    public async Task PublishAsync(IEnumerable<Order> orders, int inFlight, string? padding = null)
    {
        var underWay = new Queue<Task>(inFlight);
        foreach (var order in orders)
        {
            var properties = new BasicProperties
            {
                Persistent = true,
                ContentType = "application/json",
                MessageId = Guid.NewGuid().ToString(),
            };
            underWay.Enqueue(channel.BasicPublishAsync(
                Exchange, "", false, properties, JsonSerializer.SerializeToUtf8Bytes(order with { Padding = padding }, JsonSerializerOptions.Web)).AsTask());
            if (underWay.Count == inFlight)
                await underWay.Dequeue();
        }

        await Task.WhenAll(underWay);
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
