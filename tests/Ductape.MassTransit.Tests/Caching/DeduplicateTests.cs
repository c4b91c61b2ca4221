using System.Collections.Concurrent;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Diagnostics;
using Ductape.MassTransit.Tests.Readme;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Tests.Caching;

/// <summary>A second publish under the same message id is what a redelivery looks like to the receiver.</summary>
public class DeduplicateTests
{
    private const string NewOrders = OrdersConfiguration.Event;

    private const string Id = "8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10";

    private static readonly (string, string)[] Deduplicating =
    [
        ($"{OrdersConfiguration.Topic}:Deduplicate", "\"00:10:00\""),
        ($"{OrdersConfiguration.Topic}:Concurrency", "1"),
        ($"{OrdersConfiguration.Topic}:Retry", """{ "Count": 2, "InitialDelay": "00:00:00", "Multiplier": 1, "MaxDelay": "00:00:00" }"""),
    ];

    [Fact]
    public async Task A_copy_of_a_handled_message_is_dropped()
    {
        await using var app = await CachingApp.StartAsync(Deduplicating);
        await PublishAsync(app.Broker, "first");
        await app.Inbox.HasAsync(1);

        await PublishAsync(app.Broker, "copy");

        await app.ReceivedAsync(1);
        Assert.Equal("\"first\"", app.Inbox.Bodies[0]);
    }

    [Fact]
    public async Task A_copy_after_the_window_is_handled()
    {
        await using var app = await CachingApp.StartAsync(Deduplicating);
        await PublishAsync(app.Broker, "first");
        await app.ReceivedAsync(1);

        app.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        await PublishAsync(app.Broker, "later");

        await Eventually.TrueAsync(() => app.Inbox.Bodies.Contains("\"later\""));
    }

    [Fact]
    public async Task A_topic_that_does_not_deduplicate_handles_every_copy()
    {
        await using var app = await CachingApp.StartAsync();
        await PublishAsync(app.Broker, "first");
        await PublishAsync(app.Broker, "copy");

        await app.Inbox.HasAsync(2);
    }

    [Fact]
    public async Task A_message_whose_callback_failed_is_handled_when_it_comes_again()
    {
        await using var app = new CachingApp(Deduplicating);
        var (failing, attempts, inbox) = (true, new ConcurrentQueue<int>(), new Inbox());
        await using var subscription = await app.Broker.SubscribeAsync(NewOrders, message =>
        {
            attempts.Enqueue(message.Attempt);
            return Volatile.Read(ref failing) ? throw new InvalidOperationException("no stock") : inbox.ReceiveAsync(message);
        });
        await PublishAsync(app.Broker, "first");
        await Eventually.TrueAsync(() => attempts.Count == 3);

        Volatile.Write(ref failing, false);
        await PublishAsync(app.Broker, "again");

        await inbox.HasAsync(1);
        Assert.Equal([1, 2, 3, 1], attempts);
    }

    [Fact]
    public async Task A_message_that_a_retry_handled_is_not_handled_again()
    {
        await using var app = new CachingApp(Deduplicating);
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(NewOrders, message =>
            message.Attempt == 1 ? throw new InvalidOperationException("not yet") : inbox.ReceiveAsync(message));
        await PublishAsync(app.Broker, "first");
        await inbox.HasAsync(1);

        await PublishAsync(app.Broker, "copy");
        await app.Broker.PublishAsync(NewOrders, "another");

        await inbox.HasAsync(2);
        Assert.Equal(["\"first\"", "\"another\""], inbox.Bodies);
    }

    [Fact]
    public async Task Copies_side_by_side_are_handled_once_and_hold_up_no_other()
    {
        await using var app = new CachingApp(
            ($"{OrdersConfiguration.Topic}:Deduplicate", "\"00:10:00\""), ($"{OrdersConfiguration.Topic}:Concurrency", "64"));
        var (calls, opens) = (new ConcurrentQueue<string?>(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var subscription = await app.Broker.SubscribeAsync(NewOrders, message =>
        {
            calls.Enqueue(message.MessageId);
            return opens.Task;
        });
        string[] ids = [.. Enumerable.Range(0, 20).Select(_ => Guid.NewGuid().ToString())];
        foreach (var id in ids.Concat(ids).Append(Id))
            await PublishAsync(app.Broker, "copy", id);
        await Eventually.TrueAsync(() => calls.Count >= 21);

        opens.SetResult();
        await subscription.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ids.Append(Id).Order(StringComparer.Ordinal), calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_copy_beside_one_that_fails_is_handled_when_that_has_failed_and_the_retry_finds_it()
    {
        var logs = new CapturedLogs();
        await using var app = new CachingApp(
            x => x.Services.AddLogging(x => x.AddProvider(logs)),
            ($"{OrdersConfiguration.Topic}:Deduplicate", "\"00:10:00\""),
            ($"{OrdersConfiguration.Topic}:Concurrency", "2"),
            ($"{OrdersConfiguration.Topic}:Retry", """{ "Count": 1, "InitialDelay": "00:00:30", "Multiplier": 1, "MaxDelay": "00:00:30" }"""));
        var (calls, fails, inbox) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new Inbox());
        await using var subscription = await app.Broker.SubscribeAsync(NewOrders,
            message => Interlocked.Increment(ref calls) == 1 ? fails.Task : inbox.ReceiveAsync(message));
        await PublishAsync(app.Broker, "first");
        await Eventually.TrueAsync(() => Volatile.Read(ref calls) == 1);
        await PublishAsync(app.Broker, "copy");

        fails.SetException(new InvalidOperationException("no stock"));
        await inbox.HasAsync(1);
        // The retry waits for its time, and finds that the copy was handled.
        await Eventually.TrueAsync(() =>
        {
            app.Time.Advance(TimeSpan.FromSeconds(30));
            return logs.Lines.Any(x => x.Contains("was handled before", StringComparison.Ordinal));
        });

        Assert.Equal((2, "\"copy\""), (calls, Assert.Single(inbox.Bodies)));
    }

    [Fact]
    public async Task Every_queue_of_the_topic_gets_the_message()
    {
        await using var app = await CachingApp.StartAsync([.. Deduplicating, ("Products:billing", """
            { "Brokers": { "sqsbroker": { "Envs": { "dev": { "Type": "IN_MEMORY" } },
                                          "Topics": { "new-orders": { "Deduplicate": "00:10:00" } } } } }
            """)]);
        var (audit, billing) = (new Inbox(), new Inbox());
        await using var named = await app.Broker.SubscribeAsync(NewOrders, audit.ReceiveAsync, subscription: "audit");
        await using var other = await app.Broker.SubscribeAsync(NewOrders, billing.ReceiveAsync, product: "billing");

        await PublishAsync(app.Broker, "first");

        await Task.WhenAll(app.Inbox.HasAsync(1), audit.HasAsync(1), billing.HasAsync(1));
    }

    [Fact]
    public async Task A_message_without_an_id_in_its_envelope_is_no_copy_of_another()
    {
        await using var app = await GatedBroker.StartAsync(Deduplicating);
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(NewOrders, inbox.ReceiveAsync);
        // A peer that knows nothing of this library.
        var queue = await app.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{app.Services.Catalog().FetchRoute(NewOrders).Queue}"));

        for (var i = 0; i < 2; i++)
            await queue.Send(new ReadmeSnippets.NewOrder("1", "pending"), context => context.MessageId = null);

        await inbox.HasAsync(2);
        // The transport in memory gives each an id of its own.
        Assert.Equal(2, inbox.Letters.Select(x => x.MessageId).Distinct().Count());
    }

    private static Task PublishAsync(IMessageBroker broker, string message, string id = Id) => broker.PublishAsync(new MessageBrokerPublishInput
    {
        Event = NewOrders,
        Input = new PublishInput { Message = message, MessageId = id },
    });
}
