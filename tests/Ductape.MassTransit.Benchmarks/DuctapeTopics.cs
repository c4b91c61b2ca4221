using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>This library with many topics, published to in turn, a subscription each.</summary>
internal sealed class DuctapeTopics(ServiceProvider services, string[] events) : IContender
{
    private readonly IMessageBroker _broker = DuctapeBroker.Of(services);

    public string Name => "Ductape";

    public Action<Order> Received { get; set; } = _ => { };

    public static async Task<IContender> StartAsync(string url, int count)
    {
        var topics = Enumerable.Range(0, count).ToDictionary(x => $"topic-{x}", _ => DuctapeBroker.Topic(false));
        var contender = new DuctapeTopics(DuctapeBroker.OnRabbitMq(url, topics), [.. topics.Keys.Select(DuctapeBroker.EventOf)]);
        var subscriptions = await Task.WhenAll(contender.Events.Select(x => contender._broker.SubscribeAsync<Order>(x, contender.ReceiveAsync)));
        await Task.WhenAll(subscriptions.Select(x => x.Ready));
        return contender;
    }

    private string[] Events => events;

    public Task PublishAsync(Order order) => _broker.PublishAsync(events[order.Number % events.Length], order);

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private Task ReceiveAsync(Order order, ReceivedMessage message)
    {
        Received(order);
        return Task.CompletedTask;
    }
}
