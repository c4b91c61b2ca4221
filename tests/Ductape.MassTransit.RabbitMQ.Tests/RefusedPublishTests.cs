using Ductape.MassTransit.Conformance;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>A broker that answers a message with a refusal.</summary>
public sealed class RefusedPublishTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Fact]
    public async Task A_refused_message_fails_is_sent_once_and_publishing_goes_on_when_the_queue_has_room()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var (full, other) = ($"{Entity}-full", $"{Entity}-other");
        await channel.ExchangeDeclareAsync(Entity, "fanout", durable: true);
        await channel.QueueDeclareAsync(full, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" });
        await channel.QueueDeclareAsync(other, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(full, Entity, "");
        await channel.QueueBindAsync(other, Entity, "");
        var app = Start();
        await app.Broker.PublishAsync(Created, 0);

        for (var i = 1; i < 6; i++)
        {
            var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, i));
            Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
            Assert.Contains($"refused the message to {Entity}. A queue of it is full", error.Message);
        }

        // Retries of MassTransit's own would be copies in the other queue.
        var copies = await Fixture.TakeAsync(other, 6);
        Assert.Equal(6, copies.Select(x => x.BasicProperties.MessageId).Distinct().Count());
        Assert.Null(await channel.BasicGetAsync(other, autoAck: true));

        await channel.QueuePurgeAsync(full);
        await app.Broker.PublishAsync(Created, 6);
        Assert.Single(await Fixture.TakeAsync(other, 1));
    }

    [Fact]
    public async Task A_refusal_says_no_more_than_that_to_the_publishes_beside_it()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Entity, "fanout", durable: true);
        await channel.QueueDeclareAsync($"{Entity}-full", durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-max-length"] = 0, ["x-overflow"] = "reject-publish" });
        await channel.QueueBindAsync($"{Entity}-full", Entity, "");
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Shipped, inbox.ReceiveAsync);

        var refused = Enumerable.Range(0, 50).Select(x => Record.ExceptionAsync(() => app.Broker.PublishAsync(Created, x)).AsTask()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(x => app.Broker.PublishAsync(Shipped, x)));

        Assert.All(await Task.WhenAll(refused), x => Assert.Equal(DuctapeErrorCodes.PublishFailed, Assert.IsType<DuctapeException>(x).Code));
        await inbox.HasAsync(50);
        Assert.Equal(50, inbox.Bodies.Distinct().Count());
    }
}
