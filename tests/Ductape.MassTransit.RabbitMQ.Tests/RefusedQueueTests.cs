using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// Queues that the server refuses while others are being declared beside them. RabbitMQ.Client forgets who waits on a
/// channel that is disposed, which MassTransit does as soon as the server closes it.
/// </summary>
public sealed class RefusedQueueTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private const int Times = 200;

    [Fact]
    public async Task However_often_the_server_refuses_a_queue_each_subscription_says_so_and_ends()
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(ShopQueue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-max-length"] = 10 });
        // The queue and that of its errors are declared at the same time.
        var app = Start(env: x => x["Config"]!.AsObject()["QueueType"] = "quorum");

        for (var i = 0; i < Times; i++)
        {
            var error = await Assert.ThrowsAsync<DuctapeException>(
                () => app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask).WaitAsync(Eventually.Deadline));
            Assert.Equal(DuctapeErrorCodes.SubscribeFailed, error.Code);
            Assert.Contains("PRECONDITION_FAILED", error.ToString());
        }
    }
}
