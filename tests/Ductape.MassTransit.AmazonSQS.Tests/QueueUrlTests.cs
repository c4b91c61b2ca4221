using System.Text.Json.Nodes;
using Amazon.SQS.Model;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.AmazonSQS.Tests;

public sealed class QueueUrlTests(AmazonSqsFixture fixture) : AmazonSqsTest(fixture)
{
    [Fact]
    public async Task A_message_goes_to_the_queue_of_the_topics_URL_and_products_compete_on_it()
    {
        var url = (await Fixture.Sqs.CreateQueueAsync($"{BrokerTag}-existing")).QueueUrl;
        ConformanceApp first = Start(TopicAt(url)), second = Start(TopicAt(url));
        Inbox shop = new(), billing = new();
        await using var one = await first.Broker.SubscribeAsync(Created, shop.ReceiveAsync);
        await using var two = await second.Broker.SubscribeAsync(Created, billing.ReceiveAsync, product: "billing");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(x => first.Broker.PublishAsync(Created, new { x })));

        await Eventually.TrueAsync(() => shop.Count + billing.Count >= 20);
        Assert.Equal(20, shop.Bodies.Concat(billing.Bodies).Distinct().Count());
    }

    [Fact]
    public async Task A_bare_payload_is_what_a_peer_finds_in_the_queue()
    {
        var url = (await Fixture.Sqs.CreateQueueAsync($"{BrokerTag}-existing")).QueueUrl;
        var app = Start(TopicAt(url), env: x => x["Format"] = "json");

        await app.Broker.PublishAsync(Created, new { orderId = "1" }, headers: new Dictionary<string, object?> { ["tenant"] = "acme", ["vip"] = true });

        var message = Assert.Single(await Fixture.TakeAsync($"{BrokerTag}-existing", 1));
        Assert.Equal("""{"orderId":"1"}""", message.Body);
        Assert.Equal("""{"tenant":"acme","vip":true}""", message.MessageAttributes["ductape-headers"].StringValue);
        Assert.True(message.MessageAttributes.Count <= 4);
    }

    [Fact]
    public async Task A_missing_queue_is_not_created()
    {
        var app = Start(TopicAt($"{Fixture.Url}/000000000000/{BrokerTag}-missing"));

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, 1));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, exception.Code);
        await Assert.ThrowsAsync<QueueDoesNotExistException>(() => Fixture.Sqs.GetQueueUrlAsync($"{BrokerTag}-missing"));
    }

    private static JsonObject TopicAt(string url) => new() { ["Envs"] = new JsonObject { ["test"] = new JsonObject { ["QueueUrl"] = url } } };
}
