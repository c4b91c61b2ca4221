using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// The floor: RabbitMQ.Client alone, the order as JSON, bare or padded to the length of an envelope, persistent, with
/// tracked confirmations, and a consumer that acknowledges each message after its callback.
/// </summary>
internal sealed class RawRabbitMq : IContender
{
    private readonly string _exchange;
    private readonly string? _padding;
    private readonly IConnection _connection;
    private readonly IChannel _publishing;
    private readonly IChannel _receiving;

    private RawRabbitMq(bool padded, IConnection connection, IChannel publishing, IChannel receiving)
    {
        _exchange = padded ? "raw-padded-orders" : "raw-orders";
        _padding = padded ? Order.PaddingFor(Load.EnvelopeBytes) : null;
        _connection = connection;
        _publishing = publishing;
        _receiving = receiving;
    }

    public string Name => _padding is null ? "RabbitMQ.Client" : "RabbitMQ.Client, as many bytes";

    public Action<Order> Received { get; set; } = _ => { };

    public static async Task<IContender> StartAsync(PrivateRabbitMq rabbit, bool padded)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(rabbit.Url) }.CreateConnectionAsync();
        var publishing = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var receiving = await connection.CreateChannelAsync(
            new CreateChannelOptions(false, false, consumerDispatchConcurrency: Load.Concurrency));
        var raw = new RawRabbitMq(padded, connection, publishing, receiving);
        await publishing.ExchangeDeclareAsync(raw._exchange, ExchangeType.Fanout, true);
        await receiving.QueueDeclareAsync(raw._exchange, true, false, false);
        await receiving.QueueBindAsync(raw._exchange, raw._exchange, "");
        await receiving.BasicQosAsync(0, Load.Prefetch, false);

        var consumer = new AsyncEventingBasicConsumer(receiving);
        consumer.ReceivedAsync += raw.ReceiveAsync;
        await receiving.BasicConsumeAsync(raw._exchange, false, consumer);
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
        await _publishing.BasicPublishAsync(
            _exchange, "", false, properties, JsonSerializer.SerializeToUtf8Bytes(order with { Padding = _padding }, JsonSerializerOptions.Web));
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
