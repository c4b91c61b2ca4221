using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Order across the instances of a product.</summary>
public sealed class SingleActiveConsumerTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly TimeSpan Deadline = Eventually.Deadline;

    [Theory]
    [InlineData("classic")]
    [InlineData("quorum")]
    public async Task When_an_instance_stops_another_takes_over_in_order(string queueType)
    {
        const int keys = 5;
        const int each = 100;
        var (one, two) = (Start(Topic(), x => Single(x, queueType)), Start(Topic(), x => Single(x, queueType)));
        var (first, second, log) = (0, 0, new OrderLog());
        var subscription = await one.Broker.SubscribeAsync(Created, async message =>
        {
            Interlocked.Increment(ref first);
            await log.ReceiveAsync(message);
        });
        await two.Broker.SubscribeAsync(Created, async message =>
        {
            Interlocked.Increment(ref second);
            await log.ReceiveAsync(message);
        });

        var publishing = PublishAsync(one, keys, each);
        await Eventually.TrueAsync(() => Volatile.Read(ref first) > 50);
        Assert.Equal(0, second);
        await subscription.StopAsync().WaitAsync(Deadline);
        await publishing;
        for (var key = 0; key < keys; key++)
            await one.Broker.PublishAsync(Created, new OrderLog.Order($"key{key}", each));

        await Eventually.TrueAsync(() => log.Keys.Count() == keys && log.Keys.All(x => log.Of(x).Contains(each)));
        Assert.NotEqual(0, second);
        // A quorum queue may deliver the last one again whose acknowledgement was still under way.
        foreach (var key in log.Keys)
            Assert.Equal(Enumerable.Range(0, each + 1), log.Of(key).Distinct());
        Assert.Empty(log.Overlaps);
    }

    [Fact]
    public async Task The_queues_of_ordered_topics_are_declared_so_and_no_others()
    {
        var topic = Topic();
        topic["Subscribers"] = new JsonArray("shop", "elsewhere");
        var app = Start(topic, x => Single(x, "classic"));
        await app.Broker.PublishAsync(Created, new { key = "a" });
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask, subscription: "audit");
        await app.Broker.SubscribeAsync(Shipped, _ => Task.CompletedTask);

        string[] ordered = [ShopQueue, $"{ShopQueue}-audit", $"elsewhere-{BrokerTag}-created-test"];
        var unordered = $"shop-{BrokerTag}-shipped-test";
        var listing = await Node.ListAsync([.. ordered.Append(unordered).Select(x => $"{x}\t")], "list_queues", "name", "arguments");
        var queues = listing.Split('\n').Where(x => x.Contains(BrokerTag, StringComparison.Ordinal))
            .ToDictionary(x => x.Split('\t')[0], x => x.Contains("x-single-active-consumer", StringComparison.Ordinal));

        foreach (var queue in ordered)
            Assert.True(queues[queue], queue);
        Assert.False(queues[unordered]);
    }

    [Fact]
    public async Task A_queue_that_exists_without_it_refuses_the_subscription()
    {
        await using (var without = Start(Topic()))
            await without.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        var app = Start(Topic(), x => Single(x, "classic"));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask));

        Assert.Equal(DuctapeErrorCodes.SubscribeFailed, error.Code);
        Assert.Contains("PRECONDITION_FAILED", error.Message);
    }

    [Fact]
    public async Task What_cannot_be_read_does_not_hold_up_what_comes_after_it()
    {
        var app = Start(Topic());
        var log = new OrderLog();
        await app.Broker.SubscribeAsync(Created, log.ReceiveAsync);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();

        for (var i = 0; i < 50; i++)
        {
            await channel.BasicPublishAsync(Entity, "", "this is not JSON"u8.ToArray());
            await app.Broker.PublishAsync(Created, new OrderLog.Order("a", i));
        }

        await Eventually.TrueAsync(() => log.Count == 50);
        Assert.Equal(Enumerable.Range(0, 50), log.Of("a"));
    }

    private static void Single(JsonObject env, string queueType)
    {
        env["Config"]!["SingleActiveConsumer"] = true;
        env["Config"]!["QueueType"] = queueType;
    }

    private static JsonObject Topic() => new() { ["PartitionKey"] = "key", ["Concurrency"] = 4 };

    private Task PublishAsync(ConformanceApp app, int keys, int each) =>
        Parallel.ForAsync(0, keys, async (key, _) =>
        {
            for (var i = 0; i < each; i++)
                await app.Broker.PublishAsync(Created, new OrderLog.Order($"key{key}", i));
        });
}
