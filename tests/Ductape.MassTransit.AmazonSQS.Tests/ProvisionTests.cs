using Amazon.SQS.Model;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.AmazonSQS.Tests;

public sealed class ProvisionTests(AmazonSqsFixture fixture) : AmazonSqsTest(fixture)
{
    [Fact]
    public async Task With_none_a_missing_topic_is_an_error_and_is_not_created()
    {
        var app = Start(config: x => x["Provision"] = "none");

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, 1));

        Assert.Contains("does not exist, and nothing may be created", exception.Message);
    }

    [Fact]
    public async Task With_none_what_exists_is_used()
    {
        // Its first publish declares the queue of the subscriber too.
        var first = Start(new() { ["Subscribers"] = new System.Text.Json.Nodes.JsonArray("shop") });
        await first.Broker.PublishAsync(Created, new { orderId = "0" });
        var second = Start(config: x => x["Provision"] = "none");
        var inbox = new Inbox();
        await using var subscription = await second.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await second.Broker.PublishAsync(Created, new { orderId = "1" });

        await inbox.HasAsync(2);
    }

    [Fact]
    public async Task Queues_get_the_tags_and_the_visibility_timeout_of_the_settings()
    {
        var app = Start(config: x =>
        {
            x["Tags"] = new System.Text.Json.Nodes.JsonObject { ["team"] = "orders" };
            x["VisibilityTimeout"] = "00:01:30";
        });
        await using var subscription = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);

        var url = (await Fixture.Sqs.GetQueueUrlAsync(subscription.Queue)).QueueUrl;

        Assert.Equal("orders", (await Fixture.Sqs.ListQueueTagsAsync(new ListQueueTagsRequest { QueueUrl = url })).Tags["team"]);
        Assert.Equal("90", (await Fixture.Sqs.GetQueueAttributesAsync(url, ["VisibilityTimeout"])).Attributes["VisibilityTimeout"]);
    }
}
