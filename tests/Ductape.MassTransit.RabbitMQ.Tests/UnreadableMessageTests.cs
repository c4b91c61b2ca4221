using System.Text;
using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Messages that cannot be read: set aside whole, never lost, never round and round.</summary>
public sealed class UnreadableMessageTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Theory]
    [InlineData("envelope", "application/vnd.masstransit+json", "not JSON at all")]
    [InlineData("envelope", "application/vnd.masstransit+json", "{\"message\":{\"a\":1}")]
    [InlineData("envelope", "application/vnd.masstransit+json", "")]
    [InlineData("envelope", "text/plain", "hello")]
    [InlineData("json", "application/json", "not JSON at all")]
    [InlineData("json", "application/json", "{\"a\":")]
    [InlineData("json", "application/json", "")]
    public async Task A_body_that_cannot_be_read_goes_to_the_errors(string format, string contentType, string body)
    {
        var (app, inbox) = await SubscribedAsync(format);

        await PublishBareAsync(contentType, body);

        await AssertSetAsideAsync("error", body);
        await AssertGoesOnAsync(app, inbox);
    }

    [Fact]
    public async Task An_envelope_of_another_message_type_goes_to_the_skipped()
    {
        var (app, inbox) = await SubscribedAsync("envelope");
        const string body = """{"messageId":"11111111-2222-3333-4444-555555555555","messageType":["urn:message:Other"],"message":{"a":1}}""";

        await PublishBareAsync("application/vnd.masstransit+json", body);

        await AssertSetAsideAsync("skipped", body);
        await AssertGoesOnAsync(app, inbox);
    }

    private async Task AssertSetAsideAsync(string where, string body)
    {
        var set = await Fixture.TakeAsync($"{ShopQueue}_{where}", 1);
        Assert.Equal(body, Encoding.UTF8.GetString(set.Single().Body.Span));
    }

    private async Task AssertGoesOnAsync(ConformanceApp app, Inbox inbox)
    {
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
        Assert.Equal(["1"], inbox.Bodies);
    }

    private async Task<(ConformanceApp App, Inbox Inbox)> SubscribedAsync(string format)
    {
        var app = Start(env: x => x["Format"] = format);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        return (app, inbox);
    }

    private async Task PublishBareAsync(string contentType, string body)
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync(
            Entity, "", false, new BasicProperties { ContentType = contentType }, Encoding.UTF8.GetBytes(body));
    }
}
