using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.AmazonSQS.Tests;

public sealed class FifoTests(AmazonSqsFixture fixture) : AmazonSqsTest(fixture)
{
    [Fact]
    public async Task Topic_and_queues_are_FIFO_and_a_failed_message_goes_to_a_FIFO_queue()
    {
        var app = Start(topic: new() { ["Retry"] = new System.Text.Json.Nodes.JsonObject { ["Count"] = 0 } }, config: x => x["Fifo"] = true);
        var route = app.Catalog.FetchRoute(Created);
        await using var subscription = await app.Broker.SubscribeAsync(Created, _ => throw new InvalidOperationException("not today"));

        await app.Broker.PublishAsync(Created, new { orderId = "1" });

        Assert.EndsWith(".fifo", route.Entity);
        Assert.Equal($"shop-{BrokerTag}-created-test.fifo", route.Queue);
        Assert.Contains("\"orderId\":\"1\"", Assert.Single(await Fixture.TakeAsync($"shop-{BrokerTag}-created-test_error.fifo", 1)).Body);
    }
}
