using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>A message for which the server closes the connection, as it does for a frame that it cannot read.</summary>
public sealed class FrameErrorTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Fact]
    public async Task A_message_that_closes_two_connections_is_not_sent_again()
    {
        var closed = 0;
        await using var proxy = new TcpProxy(Node.Port)
        {
            Heard = frame =>
            {
                if (frame.AsSpan().IndexOf("poison"u8) < 0)
                    return null;

                Interlocked.Increment(ref closed);
                return AmqpFrames.Close(501, "FRAME_ERROR - a test");
            },
        };
        var app = Start(env: x => x["Config"]!["Url"] = $"amqp://guest:guest@127.0.0.1:{proxy.Port}/", configuration: x => x["PublishTimeout"] = "00:01:30");
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, "before");

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, "poison"));
        await app.Broker.PublishAsync(Created, "after");

        Assert.Equal((DuctapeErrorCodes.PublishFailed, 2), (error.Code, closed));
        Assert.Contains("501, FRAME_ERROR - a test", error.Message);
        Assert.Contains("would be refused again", error.Message);
        Assert.DoesNotContain("publish it again", error.Message);
        await Eventually.TrueAsync(() => inbox.Bodies.Contains("\"after\""));
        Assert.DoesNotContain(inbox.Bodies, x => x.Contains("poison", StringComparison.Ordinal));
    }
}
