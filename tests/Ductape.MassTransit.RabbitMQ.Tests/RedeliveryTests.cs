using System.Text;
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

    [Fact]
    public async Task A_peers_list_of_other_queues_makes_no_copies_of_a_message_that_fails_or_is_replayed()
    {
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 }, ["Redelivery"] = new JsonArray("00:00:01") });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, async message =>
        {
            await inbox.ReceiveAsync(message);
            if (message.Replays == 0)
                throw new InvalidOperationException("No stock.");
        });
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var other = (await channel.QueueDeclareAsync()).QueueName;

        await channel.BasicPublishAsync(Entity, "", true, new BasicProperties
        {
            ContentType = "application/vnd.masstransit+json",
            Headers = new Dictionary<string, object?> { ["CC"] = new List<object?> { ShopQueue, other }, ["tenant"] = "acme" },
        }, Encoding.UTF8.GetBytes("{\"messageType\":[\"urn:message:ductape:" + Created + "\"],\"message\":{\"a\":1}}"));

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1, TimeSpan.FromSeconds(60));
        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        Assert.Contains("CC", dead.Cut);
        Assert.Equal((2, "acme"), (dead.Attempts, dead.Headers["tenant"]));
        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);
        await inbox.HasAsync(3);
        await UnacknowledgedAsync(0);
        Assert.Equal([0, 1, 0], inbox.Letters.Select(x => x.Redeliveries));
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
        Assert.Equal(0u, await channel.MessageCountAsync(other));
    }
}
