using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.Conformance;

/// <summary>Subscriptions that pause and go on.</summary>
public abstract class PauseConformance : MessageBrokerConformance
{
    private static readonly TimeSpan Deadline = Eventually.Deadline;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_paused_messages_wait_and_then_they_arrive(bool ephemeral)
    {
        var app = Start();
        var (inbox, audit) = (new Inbox(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync, ephemeral: ephemeral);
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await app.Broker.PublishAsync(Created, 0);
        await inbox.HasAsync(1);

        await subscription.PauseAsync().WaitAsync(Deadline);
        Assert.True(subscription.IsPaused);
        for (var i = 1; i <= 40; i++)
            await app.Broker.PublishAsync(Created, i);
        await audit.HasAsync(41);
        Assert.Equal(1, inbox.Count);

        await subscription.ResumeAsync().WaitAsync(Deadline);
        Assert.False(subscription.IsPaused);
        await inbox.HasAsync(41);
        Assert.Equal(Enumerable.Range(0, 41).Select(x => $"{x}").Order(), inbox.Bodies.Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pausing_waits_for_the_callback_in_flight(bool ephemeral)
    {
        var app = Start();
        var (entered, release, finished) = (new TaskCompletionSource(), new TaskCompletionSource(), false);
        var subscription = await app.Broker.SubscribeAsync(Created, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            finished = true;
        }, ephemeral: ephemeral);
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Deadline);

        var (pausing, again) = (subscription.PauseAsync(), subscription.PauseAsync());
        Assert.False(pausing.IsCompleted);
        Assert.False(again.IsCompleted);
        release.SetResult();
        await Task.WhenAll(pausing, again).WaitAsync(Deadline);

        Assert.True(finished);
    }

    [Fact]
    public async Task A_subscription_is_listed_and_is_paused_and_resumed_by_its_id()
    {
        var app = Start();
        var (inbox, audit, subscriptions) = (new Inbox(), new Inbox(), app.Services.GetRequiredService<ISubscriptions>());
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        var other = await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        SubscriptionDescription Listed() => subscriptions.List().Single(x => x.Id == subscription.Id);
        Assert.Equal([subscription.Queue, other.Queue], subscriptions.List().Select(x => x.Queue));
        Assert.All(subscriptions.List(), x => Assert.Equal(SubscriptionState.Receiving, x.State));

        await subscriptions.PauseAsync(subscription.Id).WaitAsync(Deadline);
        Assert.Equal(SubscriptionState.Paused, Listed().State);
        await app.Broker.PublishAsync(Created, 1);
        await audit.HasAsync(1);
        Assert.Equal(0, inbox.Count);
        await subscriptions.ResumeAsync(subscription.Id).WaitAsync(Deadline);

        Assert.Equal(SubscriptionState.Receiving, Listed().State);
        await Eventually.TrueAsync(() => Listed() is { InFlight: 0, Handled: 1, Failed: 0 });
    }

    [Fact]
    public async Task A_pause_whose_wait_is_given_up_is_a_pause_all_the_same()
    {
        var app = Start();
        var (entered, release, inbox, audit) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, async message =>
        {
            entered.TrySetResult();
            await release.Task;
            await inbox.ReceiveAsync(message);
        });
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Deadline);

        using var limit = new CancellationTokenSource();
        var pausing = subscription.PauseAsync(limit.Token);
        Assert.False(pausing.IsCompleted);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pausing.WaitAsync(Deadline));
        release.SetResult();
        await subscription.PauseAsync().WaitAsync(Deadline);
        await app.Broker.PublishAsync(Created, 2);
        await audit.HasAsync(2);

        Assert.Equal(["1"], inbox.Bodies);
        await subscription.ResumeAsync().WaitAsync(Deadline);
        await inbox.HasAsync(2);
    }

    [Fact]
    public async Task Pausing_and_resuming_over_and_over_under_load_loses_nothing()
    {
        const int count = 600;
        var app = Start();
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        var publishing = Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (i, _) => await app.Broker.PublishAsync(Created, i));
        for (var i = 0; i < 10; i++)
        {
            await subscription.PauseAsync().WaitAsync(Deadline);
            var seen = inbox.Count;
            await subscription.PauseAsync().WaitAsync(Deadline);
            Assert.Equal(seen, inbox.Count);
            await subscription.ResumeAsync().WaitAsync(Deadline);
            await subscription.ResumeAsync().WaitAsync(Deadline);
        }

        await publishing;
        await Eventually.TrueAsync(() => inbox.Bodies.Distinct().Count() == count, TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_paused_subscription_can_be_stopped_and_then_neither_paused_nor_resumed(bool ephemeral)
    {
        var app = Start();
        var (first, second) = (new Inbox(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, first.ReceiveAsync, ephemeral: ephemeral);
        await subscription.PauseAsync().WaitAsync(Deadline);
        await app.Broker.PublishAsync(Created, 1);

        await subscription.StopAsync().WaitAsync(Deadline);

        Assert.Contains("was stopped", (await Assert.ThrowsAsync<ObjectDisposedException>(() => subscription.PauseAsync())).Message);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => subscription.ResumeAsync());
        await app.Broker.SubscribeAsync(Created, second.ReceiveAsync, ephemeral: ephemeral);
        await app.Broker.PublishAsync(Created, 2);
        await Eventually.TrueAsync(() => second.Bodies.Contains("2"));
        Assert.Equal(0, first.Count);
        if (!ephemeral)
            await Eventually.TrueAsync(() => second.Bodies.Contains("1"));
    }

    [Fact]
    public async Task A_subscription_that_was_resumed_before_the_pause_was_complete_receives()
    {
        var app = Start();
        var (entered, release, inbox) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, async message =>
        {
            entered.TrySetResult();
            await release.Task;
            await inbox.ReceiveAsync(message);
        });
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Deadline);

        var pausing = subscription.PauseAsync();
        var resuming = subscription.ResumeAsync();
        release.SetResult();
        await Task.WhenAll(pausing, resuming).WaitAsync(Deadline);
        await app.Broker.PublishAsync(Created, 2);

        await Eventually.TrueAsync(() => inbox.Bodies.Contains("2"));
    }

    [Fact]
    public async Task A_paused_subscription_is_healthy_and_the_health_says_that_it_is_paused()
    {
        var app = Start(configure: x => x.AddHealthChecks());
        var health = app.Services.GetRequiredService<HealthCheckService>();
        var subscription = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);

        await subscription.PauseAsync().WaitAsync(Deadline);
        var entry = (await health.CheckHealthAsync()).Connection();
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal([subscription.Queue], Assert.IsType<string[]>(entry.Data["paused"]));
        Assert.DoesNotContain("waiting", entry.Data.Keys);

        await subscription.ResumeAsync().WaitAsync(Deadline);
        entry = (await health.CheckHealthAsync()).Connection();
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.DoesNotContain("paused", entry.Data.Keys);
    }

    [Fact]
    public async Task Disposing_the_provider_does_not_wait_for_a_paused_subscription()
    {
        var app = Start(new JsonObject { ["Concurrency"] = 2 });
        var subscription = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        await subscription.PauseAsync().WaitAsync(Deadline);
        for (var i = 0; i < 10; i++)
            await app.Broker.PublishAsync(Created, i);

        await app.DisposeAsync().AsTask().WaitAsync(Deadline);
    }
}
