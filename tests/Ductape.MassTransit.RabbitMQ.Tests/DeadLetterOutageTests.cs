using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Redelivery and replay when the server or the consumer dies. Each test has a node of its own.</summary>
public sealed class DeadLetterOutageTests : IAsyncLifetime
{
    private const string Queue = "shop-orders-created-test";
    private readonly RabbitMqNode _node = new();

    public async ValueTask InitializeAsync() => await _node.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("classic")]
    [InlineData("quorum")]
    public async Task A_message_that_waits_for_its_redelivery_outlives_the_consumer_and_the_server(string queueType)
    {
        var failed = new TaskCompletionSource();
        await using (var first = Start(queueType))
        {
            var subscription = await first.Broker.SubscribeAsync("orders:created", _ =>
            {
                failed.TrySetResult();
                throw new InvalidOperationException("Not yet.");
            });
            await first.Broker.PublishAsync("orders:created", 1);
            await failed.Task.WaitAsync(Eventually.Deadline);
            await subscription.StopAsync();
        }

        await _node.KillAsync();
        await _node.StartAsync();
        var inbox = new Inbox();
        await using var second = Start(queueType);
        await second.Broker.SubscribeAsync("orders:created", inbox.ReceiveAsync);

        // A server that is killed may also deliver once more what was acknowledged shortly before.
        await Eventually.TrueAsync(() => inbox.Letters.Any(x => x.Body == "1" && x.Redeliveries > 0 && x.Attempt == x.Redeliveries + 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replay_that_is_cut_off_loses_nothing_and_the_next_one_finishes_it(bool kill)
    {
        // At 300 a second, so many that most are left when the connection is cut, however long that takes.
        const int count = 9_000;
        await DeadLetterTests.FillAsync(_node, $"{Queue}_error", count);
        await using var app = Start();
        await (await app.Broker.SubscribeAsync("orders:created", _ => Task.CompletedTask)).StopAsync();
        var (seen, halfway) = (0, new TaskCompletionSource());
        var replay = app.DeadLetters.ReplayAsync("orders:created", new DeadLetterSelection { Where = _ => CountToHalf() }, rate: 300);
        await halfway.Task.WaitAsync(Eventually.Deadline);

        if (kill)
            await _node.KillAsync();
        else
            await _node.ControlAsync("close_all_connections", "cut by the test");

        var error = await Assert.ThrowsAsync<DuctapeException>(() => replay.WaitAsync(Eventually.Deadline));
        Assert.Equal(DuctapeErrorCodes.DeadLettersFailed, error.Code);
        if (kill)
            await _node.StartAsync();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await app.DeadLetters.ReplayAsync("orders:created");
                return true;
            }
            catch (DuctapeException)
            {
                return false;
            }
        }, TimeSpan.FromSeconds(60));

        // A classic queue writes acknowledgements down later than it takes them; of a server that lives, only what was
        // in flight comes twice.
        await DeadLetterTests.AssertAllThereAsync(_node, Queue, count, mostTwice: kill ? count : 32);

        bool CountToHalf()
        {
            if (++seen == count / 9)
                halfway.SetResult();
            return true;
        }
    }

    private ConformanceApp Start(string queueType = "classic")
    {
        var json = ConformanceApp.Configuration(
            new JsonObject { ["Type"] = "RABBITMQ", ["Config"] = new JsonObject { ["Url"] = _node.Url, ["QueueType"] = queueType } },
            new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 }, ["Redelivery"] = new JsonArray("00:00:05", "00:00:05", "00:00:05", "00:00:05", "00:00:05") });
        json["Ductape"]!["PublishTimeout"] = "00:00:10";
        return new ConformanceApp(json, x => x.AddRabbitMq());
    }
}
