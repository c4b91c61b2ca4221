using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.AmazonSQS.Tests;

public sealed class HealingTests(AmazonSqsFixture fixture) : AmazonSqsTest(fixture)
{
    [Fact]
    public async Task A_topic_that_is_deleted_is_made_again_with_its_subscription()
    {
        var app = Start();
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);

        await Fixture.DeleteTopicAsync(app.Catalog.FetchRoute(Created).Entity);

        await app.Broker.PublishAsync(Created, 2);
        await inbox.HasAsync(2);
        Assert.Equal(["1", "2"], inbox.Bodies);
    }

    [Fact]
    public async Task A_topic_that_is_deleted_and_may_not_drop_messages_has_no_subscription_when_it_is_made_again()
    {
        var app = Start(new() { ["OnUnroutable"] = "fail" });
        await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, 1));

        await Fixture.DeleteTopicAsync(app.Catalog.FetchRoute(Created).Entity);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, 2));
        Assert.StartsWith("PUBLISH_FAILED: no queue is bound to ", error.Message);
    }

    [Fact]
    public async Task A_queue_that_is_deleted_while_it_is_read_comes_back()
    {
        var app = Start();
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);

        await Fixture.Sqs.DeleteQueueAsync((await Fixture.Sqs.GetQueueUrlAsync(subscription.Queue)).QueueUrl);

        await Eventually.TrueAsync(
            async () =>
            {
                await app.Broker.PublishAsync(Created, 2);
                return inbox.Bodies.Contains("2");
            },
            TimeSpan.FromSeconds(60),
            "messages arrive again");
    }
}
