using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>This library, through the calls of the README.</summary>
internal sealed class DuctapeContender : IContender
{
    private readonly ServiceProvider _services;
    private readonly IMessageBroker _broker;
    private readonly string _event;

    private DuctapeContender(ServiceProvider services, string topic, string name)
    {
        Name = name;
        _services = services;
        _broker = DuctapeBroker.Of(services);
        _event = DuctapeBroker.EventOf(topic);
    }

    public string Name { get; }

    public Action<Order> Received { get; set; } = _ => { };

    /// <summary>How long a callback waits before it has received its order. Set between runs only.</summary>
    public TimeSpan Wait { get; set; }

    public static Task<IContender> StartInMemoryAsync(bool retries) =>
        StartAsync(x => DuctapeBroker.InMemory(x), TopicOf(retries), DuctapeBroker.Topic(retries));

    public static Task<IContender> StartRabbitMqAsync(
        PrivateRabbitMq rabbit, bool retries, int concurrency = Load.Concurrency, int prefetch = Load.Prefetch) =>
        StartAsync(x => DuctapeBroker.OnRabbitMq(rabbit.Url, x), TopicOf(retries), DuctapeBroker.Topic(retries, concurrency, prefetch));

    /// <summary>With nothing configured but the address.</summary>
    public static Task<IContender> StartRabbitMqAsync(PrivateRabbitMq rabbit) =>
        StartAsync(x => DuctapeBroker.OnRabbitMq(rabbit.Url, x), "default-orders", new TopicOptions(), "Ductape, nothing configured");

    public Task PublishAsync(Order order) => _broker.PublishAsync(_event, order);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async Task<IContender> StartAsync(
        Func<Dictionary<string, TopicOptions>, ServiceProvider> create, string topic, TopicOptions options, string name = "Ductape")
    {
        var contender = new DuctapeContender(create(new Dictionary<string, TopicOptions> { [topic] = options }), topic, name);
        await contender._broker.SubscribeAsync<Order>(contender._event, contender.ReceiveAsync);
        return contender;
    }

    private static string TopicOf(bool retries) => retries ? "new-orders-retries" : "new-orders";

    private Task ReceiveAsync(Order order, ReceivedMessage message)
    {
        if (Wait > TimeSpan.Zero)
            return ReceiveLaterAsync(order);

        Received(order);
        return Task.CompletedTask;
    }

    private async Task ReceiveLaterAsync(Order order)
    {
        await Task.Delay(Wait);
        Received(order);
    }
}
