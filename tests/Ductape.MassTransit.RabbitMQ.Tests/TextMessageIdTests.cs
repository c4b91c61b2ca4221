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

    private const string Guid = "8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10";

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

    [Theory]
    [InlineData("envelope", "order 2", "8D1FAE526B7A4A3E9F3E3A8C0F1F6F10", "order 2")]
    [InlineData("envelope", "8D1FAE526B7A4A3E9F3E3A8C0F1F6F10", "order 1", Guid)]
    [InlineData("envelope", null, "order 1", "order 1")]
    [InlineData("envelope", null, "8D1FAE526B7A4A3E9F3E3A8C0F1F6F10", Guid)]
    [InlineData("envelope", " ", " ", null)]
    [InlineData("json", null, "order 1", "order 1")]
    [InlineData("json", null, "8D1FAE526B7A4A3E9F3E3A8C0F1F6F10", Guid)]
    public async Task The_id_is_that_of_the_envelope_and_else_the_property_for_callbacks_copies_and_dead_letters_alike(
        string format, string? inEnvelope, string? property, string? id)
    {
        var app = Start(
            new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 }, ["Deduplicate"] = "00:10:00", ["Concurrency"] = 1 }, x => x["Format"] = format);
        var calls = new ConcurrentQueue<string?>();
        await app.Broker.SubscribeAsync(Created, message =>
        {
            calls.Enqueue(message.MessageId);
            return calls.Count == 1 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
        });

        await SendAsync(format, inEnvelope, property);
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        await SendAsync(format, inEnvelope, property);
        await SendAsync(format, inEnvelope, property);
        await SendAsync(format, "the last", "the last");
        await Eventually.TrueAsync(() => calls.Contains("the last"));

        Assert.Equal(id is null ? [id, id, id, "the last"] : [id, id, "the last"], calls);
        Assert.Equal(id, Assert.Single(await app.DeadLetters.PeekAsync(Created)).MessageId);
        if (id is not null)
            Assert.Equal(1, (await app.DeadLetters.DiscardAsync(Created, DeadLetterSelection.ByMessageId(id))).Discarded);
    }

    private Task SendAsync(string format, string id) => SendAsync(format, id, format == "json" ? id : null);

    private async Task SendAsync(string format, string? id, string? property)
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var properties = new BasicProperties
        {
            ContentType = format == "json" ? "application/json" : "application/vnd.masstransit+json",
            MessageId = property,
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
