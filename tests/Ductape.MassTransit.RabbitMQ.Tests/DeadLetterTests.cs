using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using MassTransit;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Error queues of a real server: whoever filled them, however many there are.</summary>
public sealed class DeadLetterTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly JsonObject NoRetries = new() { ["Retry"] = new JsonObject { ["Count"] = 0 } };

    private string ErrorQueue => $"{ShopQueue}_error";

    [Fact]
    public async Task What_a_plain_MassTransit_consumer_failed_on_is_shown_and_replayed_to_it_alone()
    {
        var app = Start(env: x => x["Format"] = "json");
        var others = new Inbox();
        await app.Broker.SubscribeAsync(Created, others.ReceiveAsync, product: "billing");
        var received = new List<(string? Order, int? Replays)>();
        var bus = Bus.Factory.CreateUsingRabbitMq(x =>
        {
            x.Host("127.0.0.1", (ushort)Node.Port, "/", _ => { });
            x.ReceiveEndpoint(ShopQueue, e =>
            {
                e.ConfigureConsumeTopology = false;
                e.PublishFaults = false;
                e.Bind(Entity);
                e.UseMessageRetry(r => r.Immediate(1));
                e.Handler<JsonMessage>(context =>
                {
                    lock (received)
                        received.Add((context.Message.OrderId, context.ReceiveContext.TransportHeaders.Get<int>("ductape-replay-count")));
                    return received.Count <= 2 ? throw new TimeoutException("The plain consumer fails.") : Task.CompletedTask;
                });
                e.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
            });
        });
        await bus.StartAsync();
        try
        {
            await using var connection = await Node.ConnectAsync();
            await using var channel = await connection.CreateChannelAsync();
            var id = NewId.NextGuid();
            await channel.BasicPublishAsync(Entity, "", false,
                new BasicProperties { ContentType = "application/json", MessageId = id.ToString() }, """{ "orderId": "1" }"""u8.ToArray());
            await CountIsAsync(app, 1);

            var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
            Assert.Equal((id.ToString(), "System.TimeoutException", 2, """{ "orderId": "1" }"""),
                (dead.MessageId, dead.ExceptionType, dead.Attempts, Encoding.UTF8.GetString(dead.Body.Span)));
            await app.DeadLetters.ReplayAsync(Created);

            await Eventually.TrueAsync(() => received.Count == 3);
            Assert.Equal([("1", null), ("1", null), ("1", 1)], received);
            Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
            await others.HasAsync(1);
            Assert.Equal(1, others.Count);
        }
        finally
        {
            await bus.StopAsync();
        }
    }

    [Fact]
    public async Task Nothing_of_the_failure_is_left_on_a_replayed_message()
    {
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 1, ["InitialDelay"] = "00:00:00" }, ["Redelivery"] = new JsonArray("00:00:01") });
        var subscription = await app.Broker.SubscribeAsync(Created, _ => throw new InvalidDataException("No stock."));
        await app.Broker.PublishAsync(Created, 1);
        await CountIsAsync(app, 1);
        await subscription.StopAsync();

        await app.DeadLetters.ReplayAsync(Created);

        var message = Assert.Single(await Fixture.TakeAsync(ShopQueue, 1));
        Assert.Equal(["ductape-replay-count"], message.BasicProperties.Headers!.Keys
            .Where(x => x is not ("Content-Type" or "publishId" or "x-dotnet-pub-seq-no" or "MT-Activity-Id")));
        Assert.True(message.BasicProperties.Persistent);
    }

    [Theory]
    [InlineData("application/vnd.masstransit+json", "not JSON at all")]
    [InlineData("text/plain", "hello")]
    public async Task What_cannot_be_read_is_shown_whole_and_may_be_replayed(string contentType, string body)
    {
        var app = Start();
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        await PublishAsync(Entity, new BasicProperties { ContentType = contentType, MessageId = "order-1" }, Encoding.UTF8.GetBytes(body));
        await CountIsAsync(app, 1);

        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        Assert.Equal((body, "order-1", contentType), (Encoding.UTF8.GetString(dead.Body.Span), dead.MessageId, dead.ContentType));
        Assert.NotNull(dead.ExceptionType);
        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);
        await Eventually.TrueAsync(async () => (await app.DeadLetters.PeekAsync(Created)) is [{ Replays: 1 }]);
    }

    [Fact]
    public async Task Without_the_queue_to_replay_to_the_dead_letters_stay()
    {
        var app = Start(NoRetries);
        await FillAsync(3);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.DeadLetters.ReplayAsync(Created));

        Assert.Equal((DuctapeErrorCodes.DeadLettersFailed, Created, "test", "shop"), (error.Code, error.Event, error.Env, error.ProductTag));
        Assert.Contains($"there is no queue '{ShopQueue}'", error.Message);
        await CountIsAsync(app, 3);
    }

    [Fact]
    public async Task A_quorum_queue_loses_none_however_often_it_is_looked_at()
    {
        var app = Start(env: x =>
        {
            x["Config"]!["QueueType"] = "quorum";
            x["Config"]!["DeliveryLimit"] = 2;
        });
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        await FillAsync(3, declare: false);

        for (var i = 0; i < 10; i++)
            await Eventually.TrueAsync(async () => (await app.DeadLetters.PeekAsync(Created)).Select(x => x.Json.GetInt32()).Order().SequenceEqual([0, 1, 2]));

        await CountIsAsync(app, 3);
    }

    [Fact]
    public async Task Twenty_thousand_are_scanned_in_little_memory_and_replayed_once_each_in_their_order()
    {
        const int count = 20_000;
        var app = Start(NoRetries);
        // Payloads that would show, were they held: 8 MB a round.
        await FillAsync(count, size: 4_000);
        await DeclareAsync(ShopQueue);
        var env = Fixture.Env().ToJsonString();

        var rounds = await MemoryWorker.RunAsync("dead-letters", env, BrokerTag, "2000");

        Assert.Equal(count / 2_000, rounds.Count);
        MemorySlope.AssertFlat(rounds, most: 500_000);
        Assert.Equal(count, (await app.DeadLetters.ReplayAsync(Created)).Replayed);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        Assert.Equal((uint)count, await channel.MessageCountAsync(ShopQueue));
        for (var i = 0; i < 500; i++)
            Assert.Equal(i, NumberOf((await channel.BasicGetAsync(ShopQueue, autoAck: true))!.Body));
    }

    [Fact]
    public async Task While_the_server_is_down_dead_letters_say_so_in_time()
    {
        var app = Start(
            env: x => x["Config"]!["Url"] = $"amqp://127.0.0.1:{RabbitMqNode.FreePort()}/",
            configuration: x => x["PublishTimeout"] = "00:00:02");

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.DeadLetters.CountAsync(Created).WaitAsync(Eventually.Deadline));

        Assert.Equal(DuctapeErrorCodes.DeadLettersFailed, error.Code);
        Assert.Contains("did not answer within 00:00:02", error.Message);
    }

    private async Task CountIsAsync(ConformanceApp app, int count) =>
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == count);

    private async Task DeclareAsync(string queue)
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
    }

    private async Task PublishAsync(string exchange, BasicProperties properties, byte[] body)
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync(exchange, "", false, properties, body);
    }

    /// <summary>Puts messages into the error queue as if they had failed: arrays whose first number counts.</summary>
    private Task FillAsync(int count, int size = 0, bool declare = true) => FillAsync(Node, ErrorQueue, count, size, declare);

    internal static async Task FillAsync(RabbitMqNode node, string queue, int count, int size = 0, bool declare = true)
    {
        await using var connection = await node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(false, false));
        if (declare)
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        // What is not confirmed, a server that is killed may lose.
        await channel.TxSelectAsync();
        var properties = new BasicProperties { ContentType = "application/json", Persistent = true };
        for (var i = 0; i < count; i++)
        {
            await channel.BasicPublishAsync(
                "", queue, false, properties, Encoding.UTF8.GetBytes(size == 0 ? $"{i}" : $"[{i},\"{new string('x', size)}\"]"));
        }

        await channel.TxCommitAsync();
        await Eventually.TrueAsync(async () => await channel.MessageCountAsync(queue) == count, TimeSpan.FromSeconds(60));
    }

    /// <summary>Empties a queue: every message is there, and no more of them twice than expected.</summary>
    internal static async Task AssertAllThereAsync(RabbitMqNode node, string queue, int count, int mostTwice)
    {
        await using var connection = await node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var numbers = new List<int>();
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
            numbers.Add(NumberOf(message.Body));
        Assert.Equal(Enumerable.Range(0, count), numbers.Distinct().Order());
        Assert.InRange(numbers.Count, count, count + mostTwice);
    }

    private static int NumberOf(ReadOnlyMemory<byte> body)
    {
        var json = JsonDocument.Parse(body).RootElement;
        return (json.ValueKind == JsonValueKind.Array ? json[0] : json).GetInt32();
    }

    [EntityName("plain-json-message")]
    public sealed record JsonMessage(string OrderId);
}
