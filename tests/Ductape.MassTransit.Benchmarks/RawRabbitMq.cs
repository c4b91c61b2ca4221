using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// The floor: RabbitMQ.Client alone, the bare order as JSON, persistent, with tracked confirmations, and a consumer that acknowledges each
/// message after its callback.
/// </summary>
internal sealed class RawRabbitMq : IContender
{
    private const string Exchange = "raw-orders";

    private readonly IConnection _connection;
    private readonly IChannel _publishing;
    private readonly IChannel _receiving;

    private RawRabbitMq(IConnection connection, IChannel publishing, IChannel receiving)
    {
        _connection = connection;
        _publishing = publishing;
        _receiving = receiving;
    }

    public string Name => "RabbitMQ.Client";

    public Action<Order> Received { get; set; } = _ => { };

    public static async Task<IContender> StartAsync(PrivateRabbitMq rabbit)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(rabbit.Url) }.CreateConnectionAsync();
        var publishing = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var receiving = await connection.CreateChannelAsync(
            new CreateChannelOptions(false, false, consumerDispatchConcurrency: Load.Concurrency));
        await publishing.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, true);
        await receiving.QueueDeclareAsync(Exchange, true, false, false);
        await receiving.QueueBindAsync(Exchange, Exchange, "");
        await receiving.BasicQosAsync(0, Load.Prefetch, false);

        var raw = new RawRabbitMq(connection, publishing, receiving);
        var consumer = new AsyncEventingBasicConsumer(receiving);
        consumer.ReceivedAsync += raw.ReceiveAsync;
        await receiving.BasicConsumeAsync(Exchange, false, consumer);
        return raw;
    }

    public async Task PublishAsync(Order order)
    {
        var properties = new BasicProperties
        {
            Persistent = true,
            ContentType = "application/json",
            MessageId = Guid.NewGuid().ToString(),
        };
        await _publishing.BasicPublishAsync(Exchange, "", false, properties, JsonSerializer.SerializeToUtf8Bytes(order, JsonSerializerOptions.Web));
    }

    public async ValueTask DisposeAsync()
    {
        await _receiving.DisposeAsync();
        await _publishing.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task ReceiveAsync(object sender, BasicDeliverEventArgs delivery)
    {
        Received(JsonSerializer.Deserialize<Order>(delivery.Body.Span, JsonSerializerOptions.Web)!);
        await _receiving.BasicAckAsync(delivery.DeliveryTag, false);
    }
}
