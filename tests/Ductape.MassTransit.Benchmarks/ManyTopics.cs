using System.Diagnostics;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// Many topics of one RabbitMQ broker, each with a subscription: how long until all receive, and what they cost.
/// </summary>
internal static class ManyTopics
{
    private const int Messages = 3_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task<Table> RunAsync(PrivateRabbitMq rabbit, IEnumerable<int> counts)
    {
        var rows = new List<string[]>();
        foreach (var count in counts)
            rows.Add(await RunAsync(rabbit, count));
        return new Table(
            ["RabbitMQ, topics with a subscription each", "start s", "connections", "managed KB each", "first message to each, s", "managed KB each after that",
                "messages/s"],
            rows);
    }

    private static async Task<string[]> RunAsync(PrivateRabbitMq rabbit, int count)
    {
        Progress.Say($"RabbitMQ: {count} topics");
        var topics = Enumerable.Range(0, count).ToDictionary(x => $"of-{count}-{x}", _ => DuctapeBroker.Topic(false));
        var events = topics.Keys.Select(DuctapeBroker.EventOf).ToArray();
        var connectionsBefore = await ConnectionsAsync(rabbit);
        var before = GC.GetTotalMemory(true);
        var clock = Stopwatch.StartNew();

        await using var services = DuctapeBroker.OnRabbitMq(rabbit, topics);
        var broker = DuctapeBroker.Of(services);
        var contender = new Spread(broker, events);
        var subscriptions = await Task.WhenAll(events.Select(x => broker.SubscribeAsync<Order>(x, contender.ReceiveAsync)));
        await Task.WhenAll(subscriptions.Select(x => x.Ready)).WaitAsync(Deadline);
        var start = clock.Elapsed;
        var after = GC.GetTotalMemory(true);

        var connections = (await ConnectionsAsync(rabbit)).Except(connectionsBefore).ToArray();
        var first = await EndToEnd.RunAsync(contender, count);
        var afterMessages = GC.GetTotalMemory(true);
        var throughput = await EndToEnd.RunAsync(contender, Messages);
        return
        [
            count.ToString("#,0"),
            start.TotalSeconds.ToString("0.00"),
            connections.Length.ToString(),
            Row.Number((after - before) / 1024.0 / count),
            (count / first.MessagesPerSecond).ToString("0.00"),
            Row.Number((afterMessages - before) / 1024.0 / count),
            Row.Number(throughput.MessagesPerSecond),
        ];
    }

    private static Task<string[]> ConnectionsAsync(PrivateRabbitMq rabbit) => rabbit.ControlAsync("list_connections", "pid");

    /// <summary>Publishes to the topics in turn.</summary>
    private sealed class Spread(IMessageBroker broker, string[] events) : IContender
    {
        public string Name => "Ductape";

        public Action<Order> Received { get; set; } = _ => { };

        public Task PublishAsync(Order order) => broker.PublishAsync(events[order.Number % events.Length], order);

        public Task ReceiveAsync(Order order, ReceivedMessage message)
        {
            Received(order);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
