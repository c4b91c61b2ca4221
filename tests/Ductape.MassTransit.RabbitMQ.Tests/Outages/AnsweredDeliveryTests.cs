using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

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

    [Fact]
    public async Task A_delivery_that_is_in_its_delay_queue_before_its_callback_has_ended_is_acknowledged_once()
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
        // The last that happens before the delivery is acknowledged.
        using var ending = new HeldLine("goes back into the queue");
        await using var app = new ConformanceApp(
            Configuration(proxy.Port, x =>
            {
                x["PublishTimeout"] = "00:10:00";
                var topic = Topic(x, "created");
                (topic["Concurrency"], topic["Retry"], topic["Redelivery"]) = (1, new JsonObject { ["Count"] = 0 }, new JsonArray("00:10:00"));
                x["Products"]!["shop"]!["Brokers"]!["orders"]!["Envs"]!["test"]!["Config"]!["Heartbeat"] = "00:01:00";
            }),
            x => x.AddRabbitMq(), x => x.AddHealthChecks().Services.AddLogging(y => y.AddProvider(ending)));
        var (entered, go, inbox) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        await SubscribeAsync(app, Created, async message =>
        {
            if (message.As<string>() == "bad")
            {
                entered.TrySetResult();
                await go.Task;
                throw new InvalidOperationException("Not yet.");
            }

            await inbox.ReceiveAsync(message);
        });
        await app.Broker.PublishAsync(Created, "bad");
        await entered.Task.WaitAsync(Deadline);

        await SetAlarmAsync(true);
        var waiting = app.Broker.PublishAsync(Shipped, "waits");
        await BecomesAsync(HealthStatus.Degraded, app, Deadline);
        go.SetResult();
        // Nobody waits for the move any more, which ends while the callback has not.
        await ending.Begun.WaitAsync(Deadline);
        await SetAlarmAsync(false);
        await waiting.WaitAsync(Deadline);
        await Eventually.TrueAsync(async () => (await Node.ControlAsync("list_queues", "name", "messages")).Split('\n')
            .Any(x => x.Contains("_delay_", StringComparison.Ordinal) && x.EndsWith("\t1", StringComparison.Ordinal)), Deadline);
        ending.Release();

        await Eventually.TrueAsync(async () =>
        {
            await app.Broker.PublishAsync(Created, "more");
            return acknowledgements.Any(x => x is { DeliveryTag: > 3, Multiple: true });
        }, Deadline, "later deliveries are acknowledged together with those before them");
        await Eventually.TrueAsync(async () => (await Node.ControlAsync("list_queues", "name", "messages")).Contains("shop-orders-created-test\t0\n"), Deadline);
        var tags = acknowledgements.Select(x => x.DeliveryTag).ToList();
        Assert.Equal(tags.Order().Distinct(), tags);
        // No channel was closed for it, and nothing came twice.
        Assert.All(inbox.Letters, x => Assert.Equal(("\"more\"", 1), (x.Body, x.Attempt)));
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
    }

    private Task SetAlarmAsync(bool on) => Node.ControlAsync("set_vm_memory_high_watermark", on ? "0.000001" : "0.9");

    /// <summary>Holds up whoever logs a line with a text, until it is released.</summary>
    private sealed class HeldLine(string text) : ILoggerProvider, ILogger
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        public Task Begun => _begun.Task;

        public void Release() => _released.Set();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!formatter(state, exception).Contains(text, StringComparison.Ordinal))
                return;

            _begun.TrySetResult();
            _released.Wait(Deadline * 2);
        }

        public void Dispose() => _released.Set();
    }
}
