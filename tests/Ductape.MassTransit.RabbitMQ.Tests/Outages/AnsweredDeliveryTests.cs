using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>
/// A failed message that could not be moved to its delay queue after all: it comes back, and what comes after it is
/// acknowledged as ever.
/// </summary>
public sealed class AnsweredDeliveryTests : OutageTest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_delivery_that_was_given_back_late_counts_as_answered()
    {
        var acknowledgements = new ConcurrentQueue<(ulong DeliveryTag, bool Multiple)>();
        await using var proxy = new TcpProxy(Node.Port)
        {
            Heard = frame =>
            {
                if (AmqpFrames.ReadAcknowledgement(frame) is { } acknowledgement)
                    acknowledgements.Enqueue(acknowledgement);
                return null;
            },
        };
        // It takes no messages, and refuses them.
        await Node.ControlAsync("set_policy", "full", "_delay_", """{"max-length":0,"overflow":"reject-publish"}""", "--apply-to", "queues");
        var app = Start(proxy.Port, change: x =>
        {
            x["PublishTimeout"] = "00:10:00";
            var topic = Topic(x, "created");
            (topic["Concurrency"], topic["Retry"], topic["Redelivery"]) = (1, new JsonObject { ["Count"] = 0 }, new JsonArray("00:10:00"));
            // Nothing but the test may end the connection, which would begin to number anew.
            x["Products"]!["shop"]!["Brokers"]!["orders"]!["Envs"]!["test"]!["Config"]!["Heartbeat"] = "00:01:00";
        });
        var (entered, go, inbox, calls) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox(), 0);
        await SubscribeAsync(app, Created, async message =>
        {
            if (message.As<string>() == "bad" && Interlocked.Increment(ref calls) == 1)
            {
                entered.SetResult();
                await go.Task;
                throw new InvalidOperationException("Not yet.");
            }

            await inbox.ReceiveAsync(message);
        });
        await app.Broker.PublishAsync(Created, "bad");
        await app.Broker.PublishAsync(Created, "good");
        await entered.Task.WaitAsync(Deadline);

        // Under an alarm the server does not read what is published, so the move takes as long as that.
        await SetAlarmAsync(true);
        var waiting = app.Broker.PublishAsync(Shipped, "waits");
        await BecomesAsync(HealthStatus.Degraded, app, Deadline);
        go.SetResult();
        // The callback's place was given up: from now on nobody waits for the move.
        await inbox.HasAsync(1, Deadline);
        await SetAlarmAsync(false);
        await waiting.WaitAsync(Deadline);

        // Refused by the delay queue, it comes again.
        await inbox.HasAsync(2, Deadline);
        Assert.Equal(["\"good\"", "\"bad\""], inbox.Bodies);
        // Three deliveries so far, the first of which was given back: one acknowledgement can be for all up to a later
        // one.
        await Eventually.TrueAsync(async () =>
        {
            await app.Broker.PublishAsync(Created, "more");
            return acknowledgements.Any(x => x is { DeliveryTag: > 3, Multiple: true });
        }, Deadline, "later deliveries are acknowledged together with those before them");

        await Eventually.TrueAsync(async () => (await Node.ControlAsync("list_queues", "name", "messages")).Contains("shop-orders-created-test\t0\n"), Deadline);
        var tags = acknowledgements.Select(x => x.DeliveryTag).ToList();
        Assert.DoesNotContain(1ul, tags);
        Assert.Equal(tags.Order().Distinct(), tags);
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
        Assert.Equal(2, calls);
    }

    private Task SetAlarmAsync(bool on) => Node.ControlAsync("set_vm_memory_high_watermark", on ? "0.000001" : "0.9");
}
