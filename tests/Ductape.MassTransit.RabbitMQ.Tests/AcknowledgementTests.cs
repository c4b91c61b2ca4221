using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Acknowledgements that wait for each other for a moment, as the server sees them.</summary>
public sealed class AcknowledgementTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Fact]
    public async Task What_is_handled_is_acknowledged_while_an_earlier_message_is_still_being_handled()
    {
        var (release, inbox) = (new TaskCompletionSource(), new Inbox());
        await using var subscription = await Start().Broker.SubscribeAsync(Created, async message =>
        {
            if (message.As<int>() == 0)
                await release.Task;
            await inbox.ReceiveAsync(message);
        });
        var publisher = Start();

        for (var i = 0; i < 50; i++)
            await publisher.Broker.PublishAsync(Created, i);

        await inbox.HasAsync(49);
        await UnacknowledgedAsync(1);
        release.SetResult();
        await UnacknowledgedAsync(0);
        await inbox.HasAsync(50);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public async Task Whatever_order_callbacks_end_in_and_whatever_they_end_with_each_message_is_acknowledged(int prefetch)
    {
        const int messages = 1_000;
        var handled = new ConcurrentDictionary<int, int>();
        var app = Start(topic: new JsonObject
        {
            ["Prefetch"] = prefetch,
            ["Concurrency"] = Math.Min(prefetch, 16),
            ["Retry"] = new JsonObject { ["Count"] = 0 },
        });
        var subscription = await app.Broker.SubscribeAsync(Created, async message =>
        {
            var number = message.As<int>();
            handled.AddOrUpdate(number, 1, (_, before) => before + 1);
            for (var i = number * 7919 % 13; i > 0; i--)
                await Task.Yield();
            if (number % 10 == 0)
                throw new InvalidOperationException("The callback fails on purpose.");
        });

        await Parallel.ForAsync(0, messages, async (i, _) => await app.Broker.PublishAsync(Created, i));

        await Eventually.TrueAsync(() => handled.Count == messages, TimeSpan.FromSeconds(60));
        await UnacknowledgedAsync(0);
        await subscription.StopAsync();
        Assert.All(handled.Values, x => Assert.Equal(1, x));
        Assert.Equal(0u, await CountAsync(ShopQueue));
        Assert.Equal((uint)messages / 10, await CountAsync($"{ShopQueue}_error"));
    }

    private async Task<uint> CountAsync(string queue)
    {
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        return await channel.MessageCountAsync(queue);
    }
}
