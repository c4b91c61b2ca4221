using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>What is declared on the server, and what is used that was there before.</summary>
public sealed class TopologyTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Fact]
    public async Task A_topic_is_a_durable_fanout_exchange_and_a_subscriber_a_durable_queue()
    {
        var app = Start();
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);

        var exchanges = await Node.ListAsync($"{Entity}\tfanout\ttrue", "list_exchanges", "name", "type", "durable");
        await Node.ListAsync($"{ShopQueue}\ttrue\tfalse\tclassic", "list_queues", "name", "durable", "auto_delete", "type");

        Assert.DoesNotContain(exchanges.Split('\n'), x => x.Contains("Fault", StringComparison.Ordinal) || x.Contains("TopicMessage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Declared_subscribers_have_their_queues_after_the_first_publish()
    {
        var app = Start(new JsonObject { ["Subscribers"] = new JsonArray("shop", "elsewhere") });

        await app.Broker.PublishAsync(Created, 1);

        await Node.ListAsync($"{ShopQueue}\t1", "list_queues", "name", "messages");
        await Node.ListAsync($"elsewhere-{BrokerTag}-created-test\t1", "list_queues", "name", "messages");
    }

    [Fact]
    public async Task A_declared_subscribers_queue_is_of_its_own_type()
    {
        var app = Start(
            new JsonObject { ["Subscribers"] = new JsonArray("billing") },
            configuration: x => x["Products"]!["billing"]!["Brokers"]![BrokerTag]!["Envs"]!["test"]!["Config"]!["QueueType"] = "quorum");
        var inbox = new Inbox();

        await app.Broker.PublishAsync(Created, 1);
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync, product: "billing");

        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task Quorum_queues_carry_an_explicit_delivery_limit_and_lead_to_the_errors()
    {
        var app = Start(env: x =>
        {
            x["Config"]!["QueueType"] = "quorum";
            x["Config"]!["DeliveryLimit"] = 7;
        });
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);

        await Node.ListAsync($"{ShopQueue}_error\tquorum", "list_queues", "name", "type");
        var queues = await Node.ListAsync($"{ShopQueue}\t", "list_queues", "name", "type", "arguments");

        var line = queues.Split('\n').Single(x => x.StartsWith($"{ShopQueue}\t", StringComparison.Ordinal));
        Assert.Contains("quorum", line);
        Assert.Contains("{\"x-delivery-limit\",7}", line);
        Assert.Contains($"{{\"x-dead-letter-exchange\",\"{ShopQueue}_error\"}}", line);
    }

    [Fact]
    public async Task An_ephemeral_queue_goes_with_its_subscription()
    {
        var app = Start();
        var subscription = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask, ephemeral: true);
        await Node.ListAsync(subscription.Queue, "list_queues", "name");

        await subscription.StopAsync();

        await Eventually.TrueAsync(async () => !(await Node.ControlAsync("list_queues", "name")).Contains(subscription.Queue));
    }

    [Fact]
    public async Task Existing_exchange_queue_and_routing_key_are_used()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var (exchange, queue) = ($"legacy-{BrokerTag}", $"legacy-queue-{BrokerTag}");
        await channel.ExchangeDeclareAsync(exchange, "direct", durable: true);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(queue, exchange, "orders.new");
        var app = Start(
            new JsonObject { ["Entity"] = exchange, ["Queue"] = queue, ["RoutingKey"] = "orders.new", ["ExchangeType"] = "direct" },
            env: x => x["Format"] = "json",
            configuration: x => x["Products"]!.AsObject().Remove("billing"));

        await app.Broker.PublishAsync(Created, "ours");
        Assert.Equal(1u, await channel.MessageCountAsync(queue));
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await channel.BasicPublishAsync(exchange, "orders.new", "\"theirs\""u8.ToArray());
        await channel.BasicPublishAsync(exchange, "orders.old", "\"not for us\""u8.ToArray());
        await app.Broker.PublishAsync(Created, "ours again");

        await inbox.HasAsync(3);
        Assert.Equal(["\"ours again\"", "\"ours\"", "\"theirs\""], inbox.Bodies.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_queue_that_exists_with_other_arguments_refuses_the_subscription()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(ShopQueue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-max-length"] = 10 });
        var app = Start();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask));

        Assert.Equal(DuctapeErrorCodes.SubscribeFailed, error.Code);
        Assert.Contains("PRECONDITION_FAILED", error.ToString());
        Assert.Equal((Created, "test", "shop"), (error.Event, error.Env, error.ProductTag));

        await channel.QueueDeleteAsync(ShopQueue);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
    }
}
