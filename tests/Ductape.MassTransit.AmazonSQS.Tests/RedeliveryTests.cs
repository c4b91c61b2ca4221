using System.Text.Json.Nodes;
using Amazon.SQS.Model;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.AmazonSQS.Tests;

/// <summary>How messages wait in SQS for their redelivery.</summary>
public sealed class RedeliveryTests(AmazonSqsFixture fixture) : AmazonSqsTest(fixture)
{
    private static JsonObject Redelivering(params string[] delays) => new()
    {
        ["Retry"] = new JsonObject { ["Count"] = 0 },
        ["Redelivery"] = new JsonArray([.. delays.Select(x => JsonValue.Create(x))]),
    };

    [Fact]
    public async Task What_waits_is_in_the_queue_and_survives_the_process()
    {
        var first = Start(Redelivering("00:00:02"));
        var subscription = await first.Broker.SubscribeAsync(Created, _ => throw new InvalidOperationException("Not here."));
        await first.Broker.PublishAsync(Created, 1);
        await Eventually.TrueAsync(async () => await CountAsync(subscription.Queue, "ApproximateNumberOfMessagesDelayed") == 1);
        await first.DisposeAsync();

        var second = Start(Redelivering("00:00:02"));
        var inbox = new Inbox();
        await second.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await inbox.HasAsync(1);
        Assert.Equal((2, 1), (inbox.Letters[0].Attempt, inbox.Letters[0].Redeliveries));
    }

    [Fact]
    public async Task A_message_that_waits_longer_than_SQS_can_is_put_back_until_it_is_due()
    {
        var app = Start();
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
        var url = (await Fixture.Sqs.GetQueueUrlAsync(subscription.Queue)).QueueUrl;
        var due = TimeProvider.System.GetUtcNow().AddSeconds(3);

        // What the library has written once SQS has hidden it for its fifteen minutes.
        await Fixture.Sqs.SendMessageAsync(new SendMessageRequest(url, """{"messageId":null,"messageType":["urn:message:none"],"message":2}""".Replace(
            "urn:message:none", $"urn:message:ductape:{Created}"))
        {
            MessageAttributes = new Dictionary<string, MessageAttributeValue>
            {
                ["Content-Type"] = Text("application/vnd.masstransit+json"),
                ["ductape-due"] = Text($"{due.ToUnixTimeMilliseconds()}"),
                ["MT-Redelivery-Count"] = Text("1"),
            },
        });

        await inbox.HasAsync(2);
        Assert.Equal(("2", 1), (inbox.Letters[1].Body, inbox.Letters[1].Redeliveries));
        Assert.True(TimeProvider.System.GetUtcNow() > due.AddSeconds(-1), "It came before it was due.");
    }

    [Fact]
    public async Task A_long_wait_says_when_it_ends()
    {
        var app = Start(Redelivering("02:00:00"));
        var subscription = await app.Broker.SubscribeAsync(Created, _ => throw new InvalidOperationException("Not yet."));

        await app.Broker.PublishAsync(Created, 1);

        await Eventually.TrueAsync(async () => await CountAsync(subscription.Queue, "ApproximateNumberOfMessagesDelayed") == 1);
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
    }

    [Fact]
    public async Task A_FIFO_queue_cannot_hold_a_message_back_and_it_goes_to_the_errors()
    {
        var app = Start(Redelivering("00:00:01"), config: x => x["Fifo"] = true);
        await app.Broker.SubscribeAsync(Created, _ => throw new InvalidDataException("No stock."));

        await app.Broker.PublishAsync(Created, 1);

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        Assert.Equal(("System.IO.InvalidDataException", 0), (dead.ExceptionType, dead.Redeliveries));
    }

    private async Task<int> CountAsync(string queue, string attribute)
    {
        var url = (await Fixture.Sqs.GetQueueUrlAsync(queue)).QueueUrl;
        return int.Parse((await Fixture.Sqs.GetQueueAttributesAsync(url, [attribute])).Attributes[attribute], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static MessageAttributeValue Text(string value) => new() { DataType = "String", StringValue = value };
}
