using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>Many topics of one RabbitMQ broker, each with a subscription: how long until all receive, and what they cost.</summary>
internal static class ManyTopics
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task<IReadOnlyList<Row>> RunAsync(PrivateRabbitMq rabbit, int count)
    {
        Progress.Say($"RabbitMQ: {count} topics");
        var topics = Enumerable.Range(0, count).ToDictionary(x => $"topic-{x}", _ => new TopicOptions());
        var connectionsBefore = await ConnectionsAsync(rabbit);
        var before = GC.GetTotalMemory(true);
        var clock = Stopwatch.StartNew();

        await using var services = DuctapeBroker.OnRabbitMq(rabbit, topics);
        var broker = services.GetRequiredService<IMessageBroker>();
        var arrivals = new Arrivals(0, count);
        var subscriptions = await Task.WhenAll(Enumerable.Range(0, count).Select(x => broker.SubscribeAsync<Order>(EventOf(x), (order, _) =>
        {
            arrivals.Record(order);
            return Task.CompletedTask;
        })));
        await Task.WhenAll(subscriptions.Select(x => x.Ready)).WaitAsync(Deadline);
        var start = clock.Elapsed;
        var after = GC.GetTotalMemory(true);

        var connections = (await ConnectionsAsync(rabbit)).Except(connectionsBefore).ToArray();
        clock.Restart();
        await Task.WhenAll(Enumerable.Range(0, count).Select(x => broker.PublishAsync(EventOf(x), Order.Numbered(x))));
        await arrivals.WaitAsync(Deadline);
        arrivals.Verify();
        var firstMessages = clock.Elapsed;
        var afterMessages = GC.GetTotalMemory(true);

        var name = $"RabbitMQ, {count:#,0} topics with a subscription each";
        return
        [
            Row.Single($"{name}: start s", start.TotalSeconds.ToString("0.0")),
            Row.Single($"{name}: connections", connections.Length.ToString()),
            Row.Single($"{name}: managed KB per subscription", Row.Number((after - before) / 1024.0 / count)),
            Row.Single($"{name}: one message to each, s", firstMessages.TotalSeconds.ToString("0.0")),
            Row.Single($"{name}: managed KB per topic after that", Row.Number((afterMessages - before) / 1024.0 / count)),
        ];
    }

    private static string EventOf(int number) => $"{DuctapeBroker.Tag}:topic-{number}";

    private static Task<string[]> ConnectionsAsync(PrivateRabbitMq rabbit) => rabbit.ControlAsync("list_connections", "pid");
}
