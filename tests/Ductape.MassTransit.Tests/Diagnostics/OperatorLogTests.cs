using System.Collections.Concurrent;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Diagnostics;

/// <summary>What the operator log hears of what is done by hand.</summary>
public class OperatorLogTests
{
    private const string Queue = "my_product-sqsbroker-new-orders-dev";

    private sealed class Kept : IOperatorLog
    {
        public ConcurrentQueue<OperatorAction> Actions { get; } = [];

        public ValueTask RecordAsync(OperatorAction action)
        {
            Actions.Enqueue(action);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Failing : IOperatorLog
    {
        public ValueTask RecordAsync(OperatorAction action) => throw new InvalidOperationException("The disk is full.");
    }

    private sealed class Announcing(IMessageBroker broker) : IOperatorLog
    {
        public async ValueTask RecordAsync(OperatorAction action) => await broker.PublishAsync(Event, $"{action.Action}");
    }

    [Fact]
    public async Task Pauses_and_resumes_are_told_with_who_asked()
    {
        var log = new Kept();
        await using var app = new SessionApp(more: x => x.AddSingleton<IOperatorLog>(log));
        var subscriptions = app.Services.GetRequiredService<ISubscriptions>();
        await using var subscription = await app.Broker.SubscribeAsync(Event, _ => Task.CompletedTask);

        await subscription.PauseAsync(TestContext.Current.CancellationToken);
        await subscriptions.ResumeAsync(subscription.Id, "jane", TestContext.Current.CancellationToken);
        await subscriptions.PauseAsync(subscription.Id, "joe", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<DuctapeException>(() => subscriptions.PauseAsync("nowhere", "joe", TestContext.Current.CancellationToken));

        Assert.Equal([(OperatorActionKind.Pause, null), (OperatorActionKind.Resume, "jane"), (OperatorActionKind.Pause, "joe")],
            log.Actions.Select(x => (x.Action, x.Who)));
        Assert.All(log.Actions, x =>
        {
            Assert.Equal((Queue, "my_product", "dev", Event), (x.Target, x.ProductTag, x.Env, x.Event));
            Assert.Equal([("subscription_id", (object?)subscription.Id)], x.Details.Select(y => (y.Key, y.Value)));
            Assert.Equal((app.Time.GetUtcNow(), null), (x.At, x.Error));
        });
    }

    [Fact]
    public async Task A_pause_whose_caller_stopped_waiting_is_told()
    {
        var log = new Kept();
        await using var app = new SessionApp(more: x => x.AddSingleton<IOperatorLog>(log));
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var subscription = await app.Broker.SubscribeAsync(Event, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
        });
        await app.Broker.PublishAsync(Event, 1);
        await entered.Task.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

        using var patience = new CancellationTokenSource();
        var pausing = subscription.PauseAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pausing);
        release.SetResult();

        Assert.Equal("The caller stopped waiting.", Assert.Single(log.Actions).Error);
    }

    [Fact]
    public async Task Replays_and_discards_are_told_with_their_numbers_and_dry_runs_are_not()
    {
        var log = new Kept();
        await using var app = new SessionApp(With(($"{Topic}:Retry:Count", "0")), more: x => x.AddSingleton<IOperatorLog>(log));
        var (deadLetters, fails, inbox) = (app.Services.GetRequiredService<IDeadLetters>(), true, new Inbox());
        await using var subscription = await app.Broker.SubscribeAsync(Event, message =>
            fails ? throw new InvalidOperationException("The callback fails on purpose.") : inbox.ReceiveAsync(message));
        for (var i = 0; i < 3; i++)
            await app.Broker.PublishAsync(Event, i);
        await Eventually.TrueAsync(async () => await deadLetters.CountAsync(Event) == 3);
        fails = false;

        await deadLetters.ReplayAsync(Event, dryRun: true, who: "jane", cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<DuctapeException>(
            () => deadLetters.ReplayAsync(Event, rate: -1, who: "jane", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(log.Actions);
        await deadLetters.ReplayAsync(Event, new DeadLetterSelection { Limit = 2 }, who: "jane", cancellationToken: TestContext.Current.CancellationToken);
        await deadLetters.DiscardAsync(Event, DeadLetterSelection.All, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                (OperatorActionKind.Replay, Queue, "jane", "matched 2, replayed 2, left 1"),
                (OperatorActionKind.Discard, Queue, null, "matched 1, discarded 1, left 0"),
            ],
            log.Actions.Select(x => (x.Action, x.Target, x.Who, string.Join(", ", x.Details.Select(y => $"{y.Key} {y.Value}")))));
    }

    [Fact]
    public async Task A_replay_that_fails_is_told_with_the_reason()
    {
        var log = new Kept();
        await using var app = new SessionApp(With(($"{Topic}:Retry:Count", "0")), more: x => x.AddSingleton<IOperatorLog>(log));
        var deadLetters = app.Services.GetRequiredService<IDeadLetters>();
        await using var subscription = await app.Broker.SubscribeAsync(Event, _ => throw new InvalidOperationException("The callback fails on purpose."));
        await app.Broker.PublishAsync(Event, 1);
        await Eventually.TrueAsync(async () => await deadLetters.CountAsync(Event) == 1);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => deadLetters.ReplayAsync(
            Event, new DeadLetterSelection { Where = _ => throw new InvalidOperationException("no") }, who: "jane",
            cancellationToken: TestContext.Current.CancellationToken));

        var told = Assert.Single(log.Actions);
        Assert.Equal((OperatorActionKind.Replay, "jane", error.Message), (told.Action, told.Who, told.Error));
    }

    [Fact]
    public async Task Revocations_are_told()
    {
        var log = new Kept();
        await using var app = new SessionApp(more: x => x.AddSingleton<IOperatorLog>(log));
        var sessions = app.Services.GetRequiredService<ISessions>();

        await sessions.RevokeAsync("web", sessionId: "s-1", who: "jane", cancellationToken: TestContext.Current.CancellationToken);
        await sessions.RevokeAsync("web", user: "user_1", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            [("web", "my_product", "dev", null, "jane", "session_id s-1"), ("web", "my_product", "dev", null, null, "user user_1")],
            log.Actions.Select(x => (x.Target, x.ProductTag, x.Env, x.Event, x.Who, string.Join(", ", x.Details.Select(y => $"{y.Key} {y.Value}")))));
    }

    [Fact]
    public async Task A_log_that_fails_breaks_nothing_and_is_reported()
    {
        var logs = new CapturedLogs();
        await using var app = new SessionApp(more: x => x.AddSingleton<IOperatorLog, Failing>().AddLogging(y => y.AddProvider(logs)));
        await using var subscription = await app.Broker.SubscribeAsync(Event, _ => Task.CompletedTask);

        await subscription.PauseAsync(TestContext.Current.CancellationToken);

        Assert.True(subscription.IsPaused);
        Assert.Contains(logs.Lines, x => x.StartsWith($"Error: The operator log failed, so the Pause of {Queue}", StringComparison.Ordinal)
            && x.Contains("The disk is full.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_may_use_the_broker()
    {
        await using var app = new SessionApp(more: x => x.AddSingleton<IOperatorLog, Announcing>());
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(Event, inbox.ReceiveAsync);

        await subscription.PauseAsync(TestContext.Current.CancellationToken);
        await subscription.ResumeAsync(TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => inbox.Bodies.Order().SequenceEqual(["\"Pause\"", "\"Resume\""]));
    }

    [Fact]
    public async Task Without_one_of_the_applications_own_it_is_in_the_log()
    {
        var logs = new CapturedLogs();
        await using var app = new SessionApp(more: x => x.AddLogging(y => y.AddProvider(logs)));
        await using var subscription = await app.Broker.SubscribeAsync(Event, _ => Task.CompletedTask);

        await app.Services.GetRequiredService<ISubscriptions>().PauseAsync(subscription.Id, "jane", TestContext.Current.CancellationToken);

        Assert.Contains(logs.Lines, x => x.StartsWith($"Information: Pause of {Queue} of my_product in dev, asked for by jane at ", StringComparison.Ordinal)
            && x.Contains($"subscription_id {subscription.Id}", StringComparison.Ordinal));
    }
}
