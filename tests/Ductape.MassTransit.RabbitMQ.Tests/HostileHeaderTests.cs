using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// Headers come from anybody: whatever they hold, a message is handled, redelivered and set aside like any other.
/// </summary>
public sealed class HostileHeaderTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly string[] Ours =
    [
        "ductape-attempts", "MT-Redelivery-Count", "ductape-replay-count", "ductape-partition-key", "ductape-session-tag", "ductape-headers", "MessageId",
        "CorrelationId", "MT-Activity-Id", "MT-Host-Info", "MT-Source-Address", "MT-Fault-Address", "MT-MessageType", "Content-Encoding",
    ];

    private static object[] Values =>
    [
        "garbage", "-7", "2147483648", "1e3", -7, int.MaxValue, long.MaxValue, 0.5, true, new byte[] { 0xFF, 0x00 }, new AmqpTimestamp(long.MaxValue),
        new Dictionary<string, object?> { ["a"] = 1 }, new List<object?> { 1, "b", null }, """{"ductape-attempts":"\ud800","ductape-session-tag":[]}""", "null",
    ];

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task They_neither_stop_the_redelivery_nor_grant_more_and_each_message_ends_as_one_copy(string format)
    {
        var app = Start(
            new JsonObject
            {
                ["Retry"] = new JsonObject { ["Count"] = 0 },
                ["Redelivery"] = new JsonArray("00:00:01"),
                ["PartitionKey"] = "number",
                ["Ordered"] = false,
                ["Deduplicate"] = "00:10:00",
            },
            x => x["Format"] = format);
        var calls = new ConcurrentQueue<(string Body, int Attempt, int Redeliveries, string? Problem)>();
        await app.Broker.SubscribeAsync(Created, message =>
        {
            calls.Enqueue((message.Json.GetProperty("number").ToString(), message.Attempt, message.Redeliveries, Read(message)));
            throw new InvalidOperationException("Never.");
        });

        var sent = await PublishAsync(format);

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) >= sent, TimeSpan.FromSeconds(90));
        // Nothing is left anywhere else that could become another copy.
        await Eventually.TrueAsync(async () =>
        {
            var queues = await Node.ControlAsync("list_queues", "name", "messages");
            return queues.Contains($"{ShopQueue}\t0\n") && queues.Contains($"{ShopQueue}_delay_1000\t0\n") && queues.Contains($"{ShopQueue}_error\t{sent}\n");
        }, TimeSpan.FromSeconds(60));
        Assert.Equal([], calls.Select(x => x.Problem).Where(x => x is not null).Distinct());
        Assert.Equal(Enumerable.Range(0, sent).SelectMany(x => new[] { ($"{x}", 1, 0), ($"{x}", 2, 1) }).Order(),
            calls.Select(x => (x.Body, x.Attempt, x.Redeliveries)).Order());
        Assert.All(await Fixture.TakeAsync($"{ShopQueue}_error", sent), x =>
            Assert.Equal("Never.", Encoding.UTF8.GetString((byte[])x.BasicProperties.Headers!["MT-Fault-Message"]!)));
    }

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task A_message_whose_ids_are_no_GUIDs_is_handled_once_under_the_text_that_it_has(string format)
    {
        var app = Start(env: x => x["Format"] = format);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();

        await channel.BasicPublishAsync(Entity, "", false, Properties(format, new BasicProperties { MessageId = "order-1", CorrelationId = "process-1" }), Body(format, 1));

        await inbox.HasAsync(1);
        await app.Broker.PublishAsync(Created, new { number = 2 });
        await inbox.HasAsync(2);
        Assert.Equal(("order-1", null), (inbox.Letters[0].MessageId, inbox.Letters[0].ProcessId));
        await UnacknowledgedAsync(0);
        Assert.Equal((2, 0), (inbox.Count, (int)await app.DeadLetters.CountAsync(Created)));
    }

    private static string? Read(ReceivedMessage message)
    {
        try
        {
            var context = message.ConsumeContext;
            _ = (message.MessageId, message.ProcessId, message.SentAt, message.Replays, message.Session, message.PartitionKey, message.Headers.Count,
                message.Session?.ExpiresAt, message.Session?.Claims, context.MessageId, context.CorrelationId, context.SourceAddress, context.FaultAddress);
            return message.Replays == 0 ? null : $"replays: {message.Replays}";
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }

    private async Task<int> PublishAsync(string format)
    {
        await using var connection = await Node.ConnectAsync();
        // So that a header which the server itself refuses fails the test here.
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var sent = 0;
        foreach (var value in Values)
        {
            // All at once, and what could stop the others apart.
            await SendAsync(new BasicProperties { Headers = Ours.ToDictionary(x => x, _ => (object?)value) });
            await SendAsync(new BasicProperties { Headers = new Dictionary<string, object?> { ["MT-Redelivery-Count"] = value } });
            await SendAsync(new BasicProperties { Headers = new Dictionary<string, object?> { ["ductape-attempts"] = value } });
        }

        // Deeper than anything walks into it.
        var nested = Enumerable.Range(0, 3_000).Aggregate((object?)1, (inner, _) => new Dictionary<string, object?> { ["a"] = inner });
        await SendAsync(new BasicProperties { Headers = new Dictionary<string, object?> { ["nested"] = nested } });
        await SendAsync(new BasicProperties { MessageId = "order-1", CorrelationId = "process-1" });
        await SendAsync(new BasicProperties { Headers = new Dictionary<string, object?> { ["MT-Fault-Address"] = "http://nowhere.invalid/", ["MT-Response-Address"] = "x:y" } });
        await SendAsync(new BasicProperties { Timestamp = new AmqpTimestamp(long.MaxValue) });
        await SendAsync(new BasicProperties { Timestamp = new AmqpTimestamp(long.MinValue) });
        return sent;

        async Task SendAsync(BasicProperties properties) =>
            await channel.BasicPublishAsync(Entity, "", false, Properties(format, properties), Body(format, sent++));
    }

    private static BasicProperties Properties(string format, BasicProperties properties)
    {
        properties.ContentType = format == "json" ? "application/json" : "application/vnd.masstransit+json";
        return properties;
    }

    private byte[] Body(string format, int number)
    {
        var message = new JsonObject { ["number"] = number };
        return Encoding.UTF8.GetBytes((format == "json" ? message : new JsonObject
        {
            ["messageId"] = "order-1",
            ["correlationId"] = "process-1",
            ["sourceAddress"] = "not an address",
            ["faultAddress"] = "nowhere at all",
            ["messageType"] = new JsonArray($"urn:message:ductape:{Created}"),
            ["message"] = message,
            ["sentTime"] = "9999-12-31T23:59:59.9999999Z",
            ["headers"] = new JsonObject
            {
                ["MT-Redelivery-Count"] = "garbage",
                ["ductape-attempts"] = -3,
                ["ductape-replay-count"] = new JsonArray(),
                ["ductape-session-tag"] = 5,
                ["ductape-partition-key"] = new JsonObject(),
                ["ductape-headers"] = "null",
            },
        }).ToJsonString());
    }
}
