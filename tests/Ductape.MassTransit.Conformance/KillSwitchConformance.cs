using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.Conformance;

/// <summary>Subscriptions that hold when too many messages fail.</summary>
public abstract class KillSwitchConformance : MessageBrokerConformance
{
    private static readonly TimeSpan Deadline = Eventually.Deadline;

    // An hour, which is over when the test says so: a trip that ends by itself may be over before a busy machine has
    // looked at it.
    private readonly HeldTimers _time = new(TimeSpan.FromHours(1));

    [Fact]
    public async Task When_too_many_fail_messages_wait_and_after_the_timeout_it_tries_again()
    {
        var app = Start(Topic(), configure: Configure);
        var (inbox, audit, isBroken) = (new Inbox(), new Inbox(), true);
        var subscription = await app.Broker.SubscribeAsync(Created, message =>
            isBroken ? throw new InvalidOperationException("The callback fails on purpose.") : inbox.ReceiveAsync(message));
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");

        var entry = await TripAsync(app, audit);
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains($"the kill switch of {subscription.Queue} tripped: 4 of 4 failed; tries again at ", entry.Description);
        Assert.Single(Assert.IsType<string[]>(entry.Data["tripped"]));
        Assert.False(subscription.IsPaused);
        var listed = app.Services.GetRequiredService<ISubscriptions>().List().Single(x => x.Id == subscription.Id);
        Assert.Equal((SubscriptionState.Tripped, 4), (listed.State, listed.Failed));
        Assert.StartsWith("the kill switch tripped: 4 of 4 failed; tries again at ", listed.Reason);
        isBroken = false;
        await app.Broker.PublishAsync(Created, "later");
        await audit.HasAsync(5);

        _time.Fire();

        await Eventually.TrueAsync(() => inbox.Bodies.Contains("\"later\""));
        await Eventually.TrueAsync(async () => (await HealthAsync(app)).Status == HealthStatus.Healthy);
    }

    [Fact]
    public async Task While_it_tries_again_the_first_failure_trips_it_anew()
    {
        var app = Start(Topic(), configure: Configure);
        var audit = new Inbox();
        await app.Broker.SubscribeAsync(Created, _ => throw new InvalidOperationException("The callback fails on purpose."));
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await TripAsync(app, audit);

        await app.Broker.PublishAsync(Created, "again");
        _time.Fire();

        await Eventually.TrueAsync(async () => (await HealthAsync(app)).Description!.Contains("tripped: 1 of 1 failed"));
    }

    [Fact]
    public async Task Resuming_ends_the_wait_of_a_kill_switch_that_tripped()
    {
        var app = Start(Topic(), configure: Configure);
        var (inbox, audit, isBroken) = (new Inbox(), new Inbox(), true);
        var subscription = await app.Broker.SubscribeAsync(Created, message =>
            isBroken ? throw new InvalidOperationException("The callback fails on purpose.") : inbox.ReceiveAsync(message));
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await TripAsync(app, audit);
        isBroken = false;
        await app.Broker.PublishAsync(Created, "waits");
        await audit.HasAsync(5);

        await subscription.ResumeAsync().WaitAsync(Deadline);

        await Eventually.TrueAsync(() => inbox.Bodies.Contains("\"waits\""));
        await Eventually.TrueAsync(async () => (await HealthAsync(app)).Status == HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_message_counts_once_after_its_retries_and_one_that_recovers_is_none_that_failed()
    {
        var topic = Topic();
        topic["Retry"] = new JsonObject { ["Count"] = 2, ["InitialDelay"] = "00:00:00.001", ["MaxDelay"] = "00:00:00.001" };
        var app = Start(topic, configure: Configure);
        var (inbox, attempts) = (new Inbox(), 0);
        await app.Broker.SubscribeAsync(Created, message =>
        {
            Interlocked.Increment(ref attempts);
            return message.Json.GetBoolean() && message.Attempt == 3
                ? inbox.ReceiveAsync(message)
                : throw new InvalidOperationException("The callback fails on purpose.");
        });

        for (var i = 0; i < 10; i++)
            await app.Broker.PublishAsync(Created, true);
        await inbox.HasAsync(10);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(app)).Status);
        for (var i = 1; i <= 10; i++)
        {
            await app.Broker.PublishAsync(Created, false);
            await Eventually.TrueAsync(() => Volatile.Read(ref attempts) == 30 + (3 * i));
        }

        await Eventually.TrueAsync(async () => (await HealthAsync(app)).Description!.Contains("tripped: 10 of 20 failed"));
    }

    [Fact]
    public async Task A_subscription_whose_kill_switch_tripped_can_be_stopped_and_the_next_one_receives()
    {
        var app = Start(Topic(), configure: Configure);
        var (inbox, audit) = (new Inbox(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, _ => throw new InvalidOperationException("The callback fails on purpose."));
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await TripAsync(app, audit);

        await subscription.StopAsync().WaitAsync(Deadline);
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, "next");

        await Eventually.TrueAsync(() => inbox.Bodies.Contains("\"next\""));
    }

    // More than half of more than three.
    private static JsonObject Topic() => new()
    {
        ["Retry"] = new JsonObject { ["Count"] = 0 },
        ["Concurrency"] = 1,
        ["KillSwitch"] = new JsonObject
        {
            ["ActivationThreshold"] = 3,
            ["TripThreshold"] = 0.5,
            ["TrackingPeriod"] = "00:10:00",
            ["RestartTimeout"] = "01:00:00",
        },
    };

    private void Configure(IServiceCollection services) => services.AddSingleton<TimeProvider>(_time).AddHealthChecks();

    private async Task<HealthReportEntry> TripAsync(ConformanceApp app, Inbox audit)
    {
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(HealthStatus.Healthy, (await HealthAsync(app)).Status);
            await app.Broker.PublishAsync(Created, i);
            await audit.HasAsync(i);
        }

        HealthReportEntry entry = default;
        await Eventually.TrueAsync(async () => (entry = await HealthAsync(app)).Status != HealthStatus.Healthy);
        return entry;
    }

    private static async Task<HealthReportEntry> HealthAsync(ConformanceApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Connection();
}
