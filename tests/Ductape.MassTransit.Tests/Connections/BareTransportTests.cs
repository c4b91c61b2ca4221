using System.Collections.Concurrent;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Diagnostics;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Connections;

/// <summary>What works on a transport without capabilities, and what says that it does not.</summary>
public class BareTransportTests
{
    [Fact]
    public async Task A_message_is_published_and_received_and_a_subscription_can_end_and_begin_again()
    {
        await using var services = Build<BareTransport>();
        var received = new ConcurrentQueue<int>();
        Task ReceiveAsync(ReceivedMessage message)
        {
            received.Enqueue(message.As<int>() + (int)(long)message.Headers["add"]!);
            return Task.CompletedTask;
        }

        await using (await services.Broker().SubscribeAsync(Event, ReceiveAsync))
        {
            await services.Broker().PublishAsync(Event, 1, headers: new Dictionary<string, object?> { ["add"] = 10 });
            await Eventually.TrueAsync(() => received.SequenceEqual([11]));
        }

        await using var again = await services.Broker().SubscribeAsync(Event, ReceiveAsync);
        await services.Broker().PublishAsync(Event, 2, headers: new Dictionary<string, object?> { ["add"] = 10 });

        await Eventually.TrueAsync(() => received.SequenceEqual([11, 12]));
    }

    [Fact]
    public async Task A_failed_message_is_delivered_again_with_the_delay_of_MassTransit()
    {
        await using var services = Build<BareTransport>((Topic + ":Retry", """{ "Count": 0 }"""), (Topic + ":Redelivery", """["00:00:01"]"""));
        var redelivered = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = await services.Broker().SubscribeAsync(Event, x => x.Redeliveries == 0
            ? throw new InvalidOperationException("The first time.")
            : Task.FromResult(redelivered.TrySetResult(x.As<int>())));

        await services.Broker().PublishAsync(Event, 7);

        Assert.Equal(7, await redelivered.Task.WaitAsync(Eventually.Deadline));
    }

    [Fact]
    public async Task The_log_says_that_a_bus_cannot_deliver_again_later()
    {
        var logs = new CapturedLogs();
        await using var services = Build<UndelayedTransport>(logs, (Topic + ":Redelivery", """["00:00:01"]"""));

        await using var subscription = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);

        await Eventually.TrueAsync(() => logs.Lines.Any(x => x.StartsWith(
            $"Warning: BARE (bare) cannot deliver a message again later, so the Redelivery of {Event} does not apply to my_product in dev", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_topic_in_order_has_one_callback_at_a_time()
    {
        await using var services = Build<BareTransport>((Topic + ":PartitionKey", "\"key\""));
        var running = 0;
        var together = 0;
        var received = 0;
        await using var subscription = await services.Broker().SubscribeAsync(Event, async _ =>
        {
            together = Math.Max(together, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            Interlocked.Increment(ref received);
        });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(x => services.Broker().PublishAsync(Event, new { key = $"{x}" })));

        await Eventually.TrueAsync(() => received == 20);
        Assert.Equal(1, together);
    }

    [Fact]
    public async Task Dead_letters_are_refused_with_what_to_use_instead()
    {
        await using var services = Build<BareTransport>();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.GetRequiredService<IDeadLetters>().CountAsync(Event));

        Assert.Equal((DuctapeErrorCodes.BrokerTypeNotSupported, Event, "dev", "my_product"), (error.Code, error.Event, error.Env, error.ProductTag));
        Assert.EndsWith("dead letters cannot be looked at on BARE (bare), whose transport gives no access to them: read "
            + "'my_product-sqsbroker-new-orders-dev_error' with the broker's own tools.", error.Message);
    }

    [Fact]
    public async Task A_publish_that_must_not_be_dropped_is_left_to_the_broker_and_one_that_is_too_large_is_refused()
    {
        await using var services = Build<BareTransport>((Topic + ":OnUnroutable", "\"fail\""), ("WhenUnavailable", "\"fail\""));

        await services.Broker().PublishAsync(Event, 1);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, new string('x', 1000)));
        Assert.Equal(DuctapeErrorCodes.MessageTooLarge, error.Code);
    }

    private static ServiceProvider Build<T>(params (string Path, string Json)[] changes)
        where T : class, IBrokerTransport => Build<T>(new CapturedLogs(), changes);

    private static ServiceProvider Build<T>(CapturedLogs logs, params (string Path, string Json)[] changes)
        where T : class, IBrokerTransport =>
        TestProvider.Build(With([(Dev, """{ "Type": "BARE" }"""), .. changes]), x =>
        {
            x.Services.AddLogging(logging => logging.AddProvider(logs));
            x.AddTransport<T>();
        });
}
