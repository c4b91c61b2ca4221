using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Peers that do not use MassTransit choose their own message ids.</summary>
public sealed class TextMessageIdTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private const string Id = "order-17/paid";

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task A_text_is_the_id_in_every_redelivery_and_among_the_dead_letters_and_finds_copies(string format)
    {
        var app = Start(
            new JsonObject
            {
                ["Retry"] = new JsonObject { ["Count"] = 0 },
                ["Redelivery"] = new JsonArray("00:00:01"),
                ["Deduplicate"] = "00:10:00",
                ["Concurrency"] = 1,
            },
            x => x["Format"] = format);
        var calls = new ConcurrentQueue<(string? Id, int Redeliveries, int Replays)>();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
        {
            calls.Enqueue((message.MessageId, message.Redeliveries, message.Replays));
            return message.Replays == 0 && message.MessageId == Id ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message);
        });

        await SendAsync(format, Id);
        await SendAsync(format, "another");

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        Assert.Equal([(Id, 0, 0), (Id, 1, 0)], calls.Where(x => x.Id == Id));
        Assert.Equal(Id, Assert.Single(await app.DeadLetters.PeekAsync(Created)).MessageId);
        Assert.Equal(0, (await app.DeadLetters.ReplayAsync(Created, DeadLetterSelection.ByMessageId("another"))).Replayed);
        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created, DeadLetterSelection.ByMessageId(Id))).Replayed);
        await Eventually.TrueAsync(() => inbox.Letters.Any(x => x.MessageId == Id));

        // Handled by now: a copy is dropped, and the one after it is not.
        await SendAsync(format, Id);
        await SendAsync(format, "the last");
        await Eventually.TrueAsync(() => inbox.Letters.Any(x => x.MessageId == "the last"));
        Assert.Equal(["another", Id, "the last"], inbox.Letters.Select(x => x.MessageId).Order(StringComparer.Ordinal));
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
    }

    private async Task SendAsync(string format, string id)
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var properties = new BasicProperties
        {
            ContentType = format == "json" ? "application/json" : "application/vnd.masstransit+json",
            MessageId = format == "json" ? id : null,
        };
        var body = format == "json" ? new JsonObject { ["a"] = 1 } : new JsonObject
        {
            ["messageId"] = id,
            ["messageType"] = new JsonArray($"urn:message:ductape:{Created}"),
            ["message"] = new JsonObject { ["a"] = 1 },
        };
        await channel.BasicPublishAsync(Entity, "", false, properties, Encoding.UTF8.GetBytes(body.ToJsonString()));
    }
}
