using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// Exchanges and queues that exist otherwise than the library makes them, and users who may not make any.
/// </summary>
public sealed class DeclareTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly JsonObject Passive = new() { ["Declare"] = "passive", ["Retry"] = new JsonObject { ["Count"] = 0 } };

    [Theory]
    [InlineData("x-max-priority", 10, "say \"x-max-priority\": \"10\" in the topic's Arguments")]
    [InlineData("x-queue-mode", "lazy", "say \"x-queue-mode\": \"lazy\" in the topic's Arguments")]
    [InlineData("x-queue-type", "quorum", "set QueueType in the broker's Config to quorum")]
    public async Task A_queue_with_other_arguments_is_refused_with_the_remedy_which_works(string argument, object value, string remedy)
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(ShopQueue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { [argument] = value });

        var subscribe = await Assert.ThrowsAsync<DuctapeException>(() => Start().Broker.SubscribeAsync(Created, _ => Task.CompletedTask));
        var publish = await Assert.ThrowsAsync<DuctapeException>(
            () => Start(new JsonObject { ["Subscribers"] = new JsonArray("shop") }).Broker.PublishAsync(Created, 1));

        Assert.Equal((DuctapeErrorCodes.SubscribeFailed, DuctapeErrorCodes.PublishFailed), (subscribe.Code, publish.Code));
        foreach (var error in new[] { subscribe, publish })
        {
            Assert.Contains($"The queue '{ShopQueue}' exists with {argument} {value}, and here it is ", error.Message);
            Assert.Contains($": {remedy}, or use what exists as it is with \"Declare\": \"passive\" on the topic, or in the broker's Config, or delete the queue, which "
                + "is made anew then.", error.Message);
        }

        if (argument == "x-queue-type")
            return;

        var inbox = new Inbox();
        var app = Start(new JsonObject { ["Arguments"] = new JsonObject { [argument] = JsonValue.Create(value) } });
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task An_exchange_of_another_type_is_refused_with_the_remedy()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Entity, "topic", durable: true);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => Start().Broker.PublishAsync(Created, 1));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.Contains($"The exchange '{Entity}' exists with type topic, and here it is fanout: set the topic's ExchangeType to topic, or ", error.Message);
    }

    [Fact]
    public async Task Arguments_have_the_types_that_the_server_wants_and_are_not_those_of_the_errors()
    {
        var app = Start(new JsonObject
        {
            ["Arguments"] = new JsonObject
            {
                ["x-max-priority"] = 5,
                ["x-message-ttl"] = 60_000,
                ["x-dead-letter-exchange"] = "elsewhere",
                ["x-dead-letter-routing-key"] = "5",
                ["x-cache-size"] = 7,
                ["x-of-plugin"] = true,
            },
            ["Subscribers"] = new JsonArray("billing"),
            ["Retry"] = new JsonObject { ["Count"] = 0 },
        });
        await app.Broker.SubscribeAsync(Created, _ => throw new InvalidOperationException("No."));

        await app.Broker.PublishAsync(Created, 1);

        Assert.Single(await Fixture.ErrorsAsync(app, Created, 1));
        string[] declared = [ShopQueue, $"billing-{BrokerTag}-created-test"];
        var queues = (await Node.ListAsync([.. declared.Select(x => $"{x}\t")], "list_queues", "name", "arguments")).Split('\n');
        foreach (var queue in declared)
        {
            var line = Assert.Single(queues, x => x.StartsWith($"{queue}\t", StringComparison.Ordinal));
            foreach (var argument in new[]
            {
                "\"x-max-priority\",5", "\"x-message-ttl\",60000", "\"x-dead-letter-exchange\",\"elsewhere\"", "\"x-dead-letter-routing-key\",\"5\"", "\"x-cache-size\",7",
                "\"x-of-plugin\",true",
            })
                Assert.Contains($"{{{argument}}}", line);
        }

        Assert.Equal($"{ShopQueue}_error\t[]", Assert.Single(queues, x => x.StartsWith($"{ShopQueue}_error", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_user_without_the_right_to_configure_publishes_subscribes_redelivers_and_replays()
    {
        var app = await StartRestrictedAsync(new JsonObject
        {
            ["Declare"] = "passive",
            ["Redelivery"] = new JsonArray("00:00:01"),
            ["Retry"] = new JsonObject { ["Count"] = 0 },
            ["Subscribers"] = new JsonArray("shop"),
        });
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Entity, "topic", durable: false, autoDelete: false);
        await channel.QueueDeclareAsync(ShopQueue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-max-priority"] = 3 });
        await channel.QueueBindAsync(ShopQueue, Entity, "#");
        await channel.QueueDeclareAsync($"{ShopQueue}_error", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueDeclareAsync($"{ShopQueue}_delay_1000", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>
        {
            ["x-message-ttl"] = 1000L,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = ShopQueue,
        });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
            message.Replays == 0 ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message));

        await app.Broker.PublishAsync(Created, 1);

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1, TimeSpan.FromSeconds(60));
        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);
        await inbox.HasAsync(1);
        Assert.Equal(1, inbox.Letters[0].Replays);
        Assert.DoesNotContain($"{ShopQueue}\n", await Node.ControlAsync("list_exchanges", "name"));
    }

    [Fact]
    public async Task What_is_not_there_is_told_and_nothing_is_made()
    {
        var app = Start(Passive.DeepClone().AsObject());
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();

        var publish = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, 1));
        var exchange = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask));
        await channel.ExchangeDeclareAsync(Entity, "fanout", durable: true);
        var queue = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask));
        var ephemeral = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask, ephemeral: true));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, publish.Code);
        Assert.All([exchange, queue, ephemeral], x => Assert.Equal(DuctapeErrorCodes.SubscribeFailed, x.Code));
        Assert.Contains($"no exchange '{Entity}'", publish.Message);
        Assert.Contains($"no queue '{ShopQueue}'", queue.Message);
        Assert.All([publish, queue], x => Assert.Contains("Nothing is declared, since Declare is passive", x.Message));
        Assert.Contains("an ephemeral queue is made anew for each subscription. Nothing is declared, since Declare is passive: subscribe without 'ephemeral'", ephemeral.Message);
        Assert.DoesNotContain(BrokerTag, await Node.ControlAsync("list_queues", "name"));

        await channel.QueueDeclareAsync(ShopQueue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(ShopQueue, Entity, "");
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 2);
        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task A_failed_message_stays_in_its_queue_until_there_is_one_for_errors()
    {
        var app = Start(Passive.DeepClone().AsObject(), configure: x => x.AddHealthChecks());
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity);
        await channel.QueueDeclareAsync(ShopQueue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(ShopQueue, Entity, "");
        var calls = 0;
        await app.Broker.SubscribeAsync(Created, _ =>
        {
            Interlocked.Increment(ref calls);
            throw new InvalidOperationException("No.");
        });

        await app.Broker.PublishAsync(Created, 1);

        await Eventually.TrueAsync(() => Volatile.Read(ref calls) > 0, TimeSpan.FromSeconds(60));
        await UnacknowledgedAsync(1);
        await BecomesDegradedAsync(app,
            $"cannot be moved to {ShopQueue}_error and wait unacknowledged: there is no such queue: make it");
        Assert.DoesNotContain($"{ShopQueue}_error", await Node.ControlAsync("list_queues", "name"));
        await channel.QueueDeclareAsync($"{ShopQueue}_error", durable: true, exclusive: false, autoDelete: false);
        Assert.Single(await Fixture.ErrorsAsync(app, Created, 1));
    }

    [Fact]
    public async Task A_user_who_may_not_write_to_amq_default_is_told_so_where_failed_messages_cannot_be_moved()
    {
        var app = await StartRestrictedAsync(Passive.DeepClone().AsObject(), write: $"^{Entity}$");
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Entity, "fanout", durable: true);
        await channel.QueueDeclareAsync(ShopQueue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueDeclareAsync($"{ShopQueue}_error", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(ShopQueue, Entity, "");
        await app.Broker.SubscribeAsync(Created, _ => throw new InvalidOperationException("No."));

        await app.Broker.PublishAsync(Created, 1);

        await BecomesDegradedAsync(app, "Give the user the right to write to amq.default");
    }

    [Fact]
    public async Task A_stream_is_refused_with_what_to_do_instead()
    {
        var app = Start();
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(ShopQueue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "stream" });

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask));

        Assert.EndsWith($". The queue '{ShopQueue}' is a stream, which this library does not read: give the topic another Queue, bound to the same exchange.", error.Message);
    }

    private static Task BecomesDegradedAsync(ConformanceApp app, string reason) => Eventually.TrueAsync(
        async () => (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Connection() is { Status: HealthStatus.Degraded } health
            && health.Description!.Contains(reason, StringComparison.Ordinal),
        text: reason);

    private async Task<ConformanceApp> StartRestrictedAsync(JsonObject topic, string write = ".*")
    {
        var user = $"reader-{BrokerTag}";
        await Node.ControlAsync("add_user", user, "secret");
        await Node.ControlAsync("set_permissions", "--vhost", "/", user, "^$", write, ".*");
        return Start(topic, x => x["Config"]!["Url"] = $"amqp://{user}:secret@127.0.0.1:{Node.Port}/", x => x.AddHealthChecks());
    }
}
