using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// Messages of a peer whose properties fill their frame, or cannot be written again as they were read.
/// </summary>
public sealed class BigHeaderTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly byte[] Bytes = [0xFF, 0xFE, 0x00, 0x80];

    public static TheoryData<string, string> Fillings() => new()
    {
        { "text", "{queue}_error" }, { "bytes", "{queue}_error" }, { "table", "{queue}_error" }, { "many", "{queue}_error" },
        { "text", "{queue}_skipped" },
    };

    [Theory]
    [MemberData(nameof(Fillings))]
    public async Task It_goes_aside_once_and_holds_up_nothing(string filling, string queue)
    {
        var target = queue.Replace("{queue}", ShopQueue, StringComparison.Ordinal);
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 } });
        var calls = 0;
        await app.Broker.SubscribeAsync(Created, _ =>
        {
            Interlocked.Increment(ref calls);
            throw new InvalidDataException(new string('m', 3_000));
        });
        var others = new Inbox();
        await app.Broker.SubscribeAsync(Shipped, others.ReceiveAsync);
        var properties = PropertiesWith(filling);

        await PublishAsync(properties, target.EndsWith("_skipped", StringComparison.Ordinal)
            ? Envelope("Other") : Envelope($"ductape:{BrokerTag}:created"));
        await app.Broker.PublishAsync(Shipped, 1);

        var aside = (await Fixture.TakeAsync(target, 1)).Single();
        await others.HasAsync(1);
        Assert.InRange(calls, 0, 1);
        Assert.Equal(1, aside.BasicProperties.Headers!["kept"]);
        Assert.Equal(Bytes, aside.BasicProperties.Headers["kept-bytes"]);
        Assert.Contains("\"", Encoding.UTF8.GetString((byte[])aside.BasicProperties.Headers["ductape-cut"]!));
        Assert.True(aside.BasicProperties.Headers.ContainsKey("MT-Reason"));
    }

    [Fact]
    public async Task It_waits_comes_back_and_is_replayed_with_what_is_left_of_it()
    {
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 }, ["Redelivery"] = new JsonArray("00:00:01") });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
            message.Replays == 0 ? throw new InvalidDataException("No stock.") : inbox.ReceiveAsync(message));

        await PublishAsync(PropertiesWith("bytes"), Envelope($"ductape:{BrokerTag}:created"));
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1, TimeSpan.FromSeconds(60));

        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        Assert.Contains("filling", dead.Cut);
        Assert.Equal((2, 1), (dead.Attempts, dead.Redeliveries));
        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);
        await inbox.HasAsync(1, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task The_user_of_a_peer_does_not_keep_its_message_from_going_aside()
    {
        await Node.ControlAsync("add_user", BrokerTag, "peer");
        await Node.ControlAsync("set_permissions", BrokerTag, ".*", ".*", ".*");
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 } });
        await app.Broker.SubscribeAsync(Created, _ => throw new InvalidDataException("No stock."));
        var factory = new ConnectionFactory { Uri = new Uri(Node.Url), UserName = BrokerTag, Password = "peer" };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();

        await channel.BasicPublishAsync(Entity, "", false, new BasicProperties { UserId = BrokerTag, ContentType = "application/vnd.masstransit+json" },
            Encoding.UTF8.GetBytes(Envelope($"ductape:{BrokerTag}:created")));

        var aside = (await Fixture.TakeAsync($"{ShopQueue}_error", 1)).Single();
        Assert.False(aside.BasicProperties.IsUserIdPresent());
    }

    [Fact]
    public async Task Bytes_come_out_as_bytes_everywhere()
    {
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 }, ["Redelivery"] = new JsonArray("00:00:01") }, env: x => x["Format"] = "json");
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, async message =>
        {
            await inbox.ReceiveAsync(message);
            if (message.Replays == 0)
                throw new InvalidDataException("No stock.");
        });
        var headers = new Dictionary<string, object?>
        {
            ["text"] = "é",
            ["bytes"] = Bytes,
            ["binary"] = new BinaryTableValue(Bytes),
            ["table"] = new Dictionary<string, object?> { ["list"] = new List<object?> { Bytes, "text", 7L } },
            [" ductape-session-user"] = "somebody",
        };

        await PublishAsync(new BasicProperties { ContentType = "application/json", Headers = headers }, "1");
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1, TimeSpan.FromSeconds(60));
        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        await app.DeadLetters.ReplayAsync(Created);
        await inbox.HasAsync(3, TimeSpan.FromSeconds(60));

        foreach (var shown in inbox.Letters.Select(x => x.Headers).Append(dead.Headers))
        {
            Assert.Equal(["binary", "bytes", "table", "text"], shown.Keys.Order());
            Assert.Equal("é", shown["text"]);
            Assert.Equal(Bytes, shown["bytes"]);
            Assert.Equal(Bytes, shown["binary"]);
            var list = (object?[])((IReadOnlyDictionary<string, object?>)shown["table"]!)["list"]!;
            Assert.Equal(Bytes, list[0]);
            Assert.Equal(["text", 7L], list[1..]);
        }
    }

    /// <summary>Properties that nearly fill a frame of 128 KiB, or that cannot be written again.</summary>
    private static BasicProperties PropertiesWith(string filling)
    {
        var headers = new Dictionary<string, object?> { ["kept"] = 1, ["kept-bytes"] = Bytes };
        var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", Headers = headers };
        switch (filling)
        {
            case "text":
                headers["filling"] = new string('x', 130_800);
                break;
            case "bytes":
                headers["filling"] = Enumerable.Repeat((byte)0xFF, 130_800).ToArray();
                break;
            case "table":
                headers["filling"] = new Dictionary<string, object?> { ["a"] = new Dictionary<string, object?> { ["b"] = new List<object?> { new string('x', 130_700) } } };
                break;
            case "many":
                for (var i = 0; i < 5_440; i++)
                    headers[$"header-{i:0000}"] = "1234567";
                break;
        }

        return properties;
    }

    private static string Envelope(string type) => "{\"messageType\":[\"urn:message:" + type + "\"],\"message\":{\"a\":1}}";

    private async Task PublishAsync(BasicProperties properties, string body)
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, false));
        await channel.BasicPublishAsync(Entity, "", false, properties, Encoding.UTF8.GetBytes(body));
    }
}
