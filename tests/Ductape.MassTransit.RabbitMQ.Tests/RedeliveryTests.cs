using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>The queues where messages wait for their redelivery.</summary>
public sealed class RedeliveryTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static JsonObject Redelivering => new() { ["Redelivery"] = new JsonArray("00:01:00", "30.00:00:00") };

    [Theory]
    [InlineData("classic", "")]
    [InlineData("quorum", "at-least-once")]
    public async Task A_subscription_declares_a_durable_queue_for_each_delay(string queueType, string strategy)
    {
        var app = Start(Redelivering, x => x["Config"]!["QueueType"] = queueType);

        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        await app.Broker.SubscribeAsync(Shipped, _ => Task.CompletedTask);

        var queues = (await Node.ListAsync([$"{ShopQueue}_delay_60000\t", $"{ShopQueue}_delay_2592000000\t"], "list_queues", "name", "durable", "type", "arguments")).Split('\n');
        foreach (var delay in new[] { 60_000L, 2_592_000_000L })
        {
            var line = Assert.Single(queues, x => x.StartsWith($"{ShopQueue}_delay_{delay}\ttrue\t{queueType}", StringComparison.Ordinal));
            Assert.Contains($"{{\"x-message-ttl\",{delay}}}", line);
            Assert.Contains($"{{\"x-dead-letter-routing-key\",\"{ShopQueue}\"}}", line);
            Assert.Contains(strategy, line);
        }

        Assert.DoesNotContain(queues, x => x.StartsWith($"shop-{BrokerTag}-shipped-test_delay", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_delay_queue_that_exists_with_other_arguments_refuses_the_subscription()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync($"{ShopQueue}_delay_60000", durable: true, exclusive: false, autoDelete: false);
        var app = Start(Redelivering);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask));

        Assert.Equal(DuctapeErrorCodes.SubscribeFailed, error.Code);
        Assert.Contains("PRECONDITION_FAILED", error.ToString());
    }

    [Fact]
    public async Task A_delay_queue_that_somebody_deleted_is_declared_again()
    {
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 }, ["Redelivery"] = new JsonArray("00:00:01") });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
            message.Redeliveries == 0 ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message));
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync($"{ShopQueue}_delay_1000");

        await app.Broker.PublishAsync(Created, 1);

        await inbox.HasAsync(1);
    }
}
