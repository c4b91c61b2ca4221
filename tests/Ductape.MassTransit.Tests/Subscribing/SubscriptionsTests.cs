using System.Text.Json;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Reloading;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Subscribing;

/// <summary>The subscriptions of a process, listed and steered by their ids.</summary>
public class SubscriptionsTests : ReloadTest
{
    private static readonly TimeSpan Deadline = Eventually.Deadline;

    [Subscribe(Created)]
    public sealed class Counter(Inbox inbox) : ISubscriber<int>
    {
        public Task HandleAsync(int payload, ReceivedMessage message) => inbox.ReceiveAsync(message);
    }

    [Fact]
    public async Task The_subscription_of_a_class_is_paused_and_resumed_by_its_id()
    {
        var inbox = new Inbox();
        var app = Start(x => x.AddSubscriber<Counter>(), hosted: true, configure: x => x.AddSingleton(inbox));
        await app.Host.StartAsync(TestContext.Current.CancellationToken);
        var subscriptions = app.Services.GetRequiredService<ISubscriptions>();
        var before = Assert.Single(subscriptions.List());
        Assert.Equal((Created, "test", "shop", "shop-orders-created-test"), (before.Event, before.Env, before.ProductTag, before.Queue));
        Assert.Equal((SubscriptionState.Receiving, null), (before.State, before.Reason));
        Assert.Equal(TimeSpan.Zero, before.StartedAt.Offset);
        Assert.Equal(app.Catalog.FetchRoute(Created).Connection, before.Connection);

        await subscriptions.PauseAsync(before.Id, cancellationToken: TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await app.Broker.PublishAsync(Created, 1);
        Assert.Equal(SubscriptionState.Paused, Assert.Single(subscriptions.List()).State);
        Assert.Equal(0, inbox.Count);

        await subscriptions.ResumeAsync(before.Id, cancellationToken: TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await inbox.HasAsync(1);
        Assert.Equal(SubscriptionState.Receiving, Assert.Single(subscriptions.List()).State);
    }

    [Fact]
    public async Task What_is_in_flight_handled_and_failed_is_counted_each_attempt_for_itself()
    {
        var app = Start(topic: new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 2, ["InitialDelay"] = "00:00:00.001" } });
        var subscriptions = app.Services.GetRequiredService<ISubscriptions>();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await app.Broker.SubscribeAsync<string>(Created, async (text, message) =>
        {
            if (text == "fails" || (text == "fails once" && message.Attempt == 1))
                throw new InvalidOperationException("The callback fails on purpose.");
            if (text == "waits")
            {
                entered.SetResult();
                await release.Task;
            }
        });
        (long, long, long) Counts() => Assert.Single(subscriptions.List()) is var x ? (x.InFlight, x.Handled, x.Failed) : default;

        await app.Broker.PublishAsync(Created, "waits");
        await entered.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Equal((1, 0, 0), Counts());
        foreach (var text in new[] { "", "fails once", "fails" })
            await app.Broker.PublishAsync(Created, text);

        await Eventually.TrueAsync(() => Counts() == (1, 2, 4));
        release.SetResult();
        await Eventually.TrueAsync(() => Counts() == (0, 3, 4));
    }

    [Fact]
    public async Task What_is_redelivered_has_failed_and_a_dropped_copy_does_not_count()
    {
        var app = Start(topic: new JsonObject
        {
            ["Retry"] = new JsonObject { ["Count"] = 0 },
            ["Redelivery"] = new JsonArray("00:00:01"),
            ["Deduplicate"] = "00:10:00",
            ["Concurrency"] = 1,
        });
        var subscriptions = app.Services.GetRequiredService<ISubscriptions>();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message => message is { Redeliveries: 0, Json.ValueKind: JsonValueKind.False }
            ? throw new InvalidOperationException("The callback fails on purpose.")
            : inbox.ReceiveAsync(message));
        var id = $"{Guid.NewGuid()}";
        Task PublishAsync(object payload, string? messageId) => app.Broker.PublishAsync(new MessageBrokerPublishInput
        {
            Event = Created,
            Input = new PublishInput { Message = payload, MessageId = messageId },
        });

        await PublishAsync(true, id);
        await PublishAsync(true, id);
        await PublishAsync(false, null);

        await inbox.HasAsync(2);
        await Eventually.TrueAsync(() => subscriptions.List() is [{ InFlight: 0, Handled: 2, Failed: 1 }]);
    }

    [Fact]
    public async Task An_unknown_id_is_refused_with_those_that_there_are()
    {
        var app = Start();
        var subscriptions = app.Services.GetRequiredService<ISubscriptions>();
        var none = await Assert.ThrowsAsync<DuctapeException>(() => subscriptions.PauseAsync("x", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("SUBSCRIPTION_NOT_FOUND: this process has no subscription with the id 'x', or it was stopped. There is none at the moment.", none.Message);
        var subscription = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        var other = await app.Broker.SubscribeAsync(Shipped, _ => Task.CompletedTask);

        var unknown = await Assert.ThrowsAsync<DuctapeException>(() => subscriptions.ResumeAsync("x", cancellationToken: TestContext.Current.CancellationToken));
        var close = await Assert.ThrowsAsync<DuctapeException>(
            () => subscriptions.ResumeAsync(subscription.Id + "0", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(DuctapeErrorCodes.SubscriptionNotFound, unknown.Code);
        Assert.Contains($"'{subscription.Id}'", unknown.Message);
        Assert.Contains($"'{other.Id}'", unknown.Message);
        Assert.Contains($"Did you mean '{subscription.Id}'?", close.Message);
    }

    [Fact]
    public async Task One_that_was_stopped_is_not_listed_and_cannot_be_steered()
    {
        var app = Start();
        var subscriptions = app.Services.GetRequiredService<ISubscriptions>();
        var subscription = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        await app.Broker.SubscribeAsync(Shipped, _ => Task.CompletedTask);
        Assert.Equal([Created, Shipped], subscriptions.List().Select(x => x.Event));

        await subscription.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([Shipped], subscriptions.List().Select(x => x.Event));
        Assert.Equal(DuctapeErrorCodes.SubscriptionNotFound, (await Assert.ThrowsAsync<DuctapeException>(
            () => subscriptions.PauseAsync(subscription.Id, cancellationToken: TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task One_that_waits_for_its_broker_is_starting()
    {
        var app = Start(change: x =>
        {
            x["SubscribeTimeout"] = "00:00:00.050";
            x["Products"]!["shop"]!["Brokers"]!["remote"] = JsonNode.Parse(
                """{ "Envs": { "test": { "Type": "RABBITMQ", "Config": { "Host": "localhost", "Port": 1 } } }, "Topics": { "t": { } } }""");
        });

        await using var subscription = await app.Broker.SubscribeAsync("remote:t", _ => Task.CompletedTask);

        var listed = Assert.Single(app.Services.GetRequiredService<ISubscriptions>().List());
        Assert.Equal((subscription.Id, SubscriptionState.Starting, null), (listed.Id, listed.State, listed.Reason));
    }

    [Fact]
    public async Task A_reload_that_moves_a_subscription_keeps_its_id_its_pause_and_its_counts()
    {
        var app = Start();
        var (subscriptions, inbox) = (app.Services.GetRequiredService<ISubscriptions>(), new Inbox());
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await Eventually.TrueAsync(() => subscriptions.List() is [{ InFlight: 0, Handled: 1, State: SubscriptionState.Receiving }]);
        var before = Assert.Single(subscriptions.List());
        await subscriptions.PauseAsync(before.Id, cancellationToken: TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);

        await app.ReloadedAsync(x => Topics(x)["created"] = new JsonObject { ["Concurrency"] = 3 });
        await app.Broker.PublishAsync(Created, 2);
        Assert.Equal(before with { State = SubscriptionState.Paused }, Assert.Single(subscriptions.List()));
        await subscriptions.ResumeAsync(before.Id, cancellationToken: TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => subscriptions.List() is [{ InFlight: 0, Handled: 2 }]);
        Assert.Equal(before with { Handled = 2 }, Assert.Single(subscriptions.List()));
    }

    [Fact]
    public void A_description_is_written_as_JSON_with_the_state_in_words()
    {
        var json = JsonSerializer.Serialize(SubscriptionState.Tripped);

        Assert.Equal("\"tripped\"", json);
    }
}
