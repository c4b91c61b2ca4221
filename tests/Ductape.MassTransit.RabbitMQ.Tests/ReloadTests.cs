using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// Changed settings of connections and topics that are in use. On a node of its own, whose connections and users are
/// its own.
/// </summary>
public sealed class ReloadTests(ConnectionTests.OwnNode own, RabbitMqFixture shared) : IClassFixture<ConnectionTests.OwnNode>, IAsyncLifetime
{
    private static readonly TimeSpan Deadline = Eventually.Deadline;
    private static int _broker;

    private readonly List<ReloadApp> _apps = [];
    private readonly JumpingTime _time = new();

    private string BrokerTag { get; } = $"reload{Interlocked.Increment(ref _broker)}";

    private string Created => $"{BrokerTag}:created";

    private string Queue => $"shop-{BrokerTag}-created-test";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var app in _apps)
            await app.DisposeAsync();
    }

    [Theory]
    [InlineData("connection")]
    [InlineData("topic")]
    public async Task Under_load_a_changed_connection_or_topic_loses_no_message_and_fails_no_publish(string what)
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        using var ended = new CancellationTokenSource();
        var published = 0;
        var publishing = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
                await app.Broker.PublishAsync(Created, Interlocked.Increment(ref published));
        })).ToArray();

        for (var i = 0; i < 5; i++)
        {
            await app.ReloadedAsync(x =>
            {
                if (what == "connection")
                    Config(x)["Heartbeat"] = $"00:00:{20 + i}";
                else
                    Topic(x)["Prefetch"] = 20 + i;
            });
        }

        await ended.CancelAsync();
        await Task.WhenAll(publishing);
        await Eventually.TrueAsync(() => inbox.Bodies.Distinct().Count() == published, Deadline);
        await HasConnectionsAsync(1);
    }

    [Fact]
    public async Task A_changed_prefetch_is_what_the_broker_sees()
    {
        var app = Start();
        var subscription = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);

        await app.ReloadedAsync(x => Topic(x)["Prefetch"] = 7);

        await Eventually.TrueAsync(async () => (await own.Node.ControlAsync("list_consumers", "queue_name", "prefetch_count"))
            .Split('\n').Where(x => x.StartsWith(Queue, StringComparison.Ordinal)).SequenceEqual([$"{Queue}\t7"]), Deadline);
        await subscription.StopAsync();
        Assert.DoesNotContain(Queue, await own.Node.ControlAsync("list_consumers", "queue_name"));
    }

    [Fact]
    public async Task What_changes_while_a_subscription_waits_for_its_broker_counts_when_it_begins()
    {
        var app = Start(env: x => x["Config"]!["Url"] = $"amqp://latecomer:later@127.0.0.1:{own.Node.Port}/");
        var subscribing = app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        var connection = $"ductape: RABBITMQ (amqp://127.0.0.1:{own.Node.Port}/)";
        await Eventually.TrueAsync(async () => (await app.ReportAsync()).Entries[connection].Status == HealthStatus.Unhealthy, Deadline);

        await app.ReloadedAsync(x => Topic(x)["Prefetch"] = 9);
        await AddUserAsync("latecomer", "later");

        await (await subscribing).Ready.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (await own.Node.ControlAsync("list_consumers", "queue_name", "prefetch_count"))
            .Split('\n').Contains($"{Queue}\t9"), Deadline);
    }

    [Fact]
    public async Task Changed_retries_apply_to_the_next_message()
    {
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 } });
        var attempts = 0;
        await app.Broker.SubscribeAsync(Created, message =>
        {
            Interlocked.Increment(ref attempts);
            return message.Attempt == 3 ? Task.CompletedTask : throw new InvalidOperationException("not yet");
        });

        await app.ReloadedAsync(x => Topic(x)["Retry"] = new JsonObject { ["Count"] = 2, ["InitialDelay"] = "00:00:00.010" });
        await app.Broker.PublishAsync(Created, 1);

        await Eventually.TrueAsync(() => attempts == 3);
    }

    [Fact]
    public async Task A_changed_queue_is_read_by_the_same_subscription()
    {
        var app = Start();
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);

        await app.ReloadedAsync(x => Topic(x)["Queue"] = $"{BrokerTag}-elsewhere");
        await app.Broker.PublishAsync(Created, 2);

        await Eventually.TrueAsync(() => inbox.Bodies.Contains("2"));
        Assert.Equal($"{BrokerTag}-elsewhere", subscription.Queue);
        await Eventually.TrueAsync(async () => !(await own.Node.ControlAsync("list_consumers", "queue_name")).Contains(Queue), Deadline);
    }

    [Fact]
    public async Task A_callback_that_runs_while_its_connection_is_replaced_ends_and_its_message_is_acknowledged_once()
    {
        var app = Start();
        var (entered, release, calls) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        await app.Broker.SubscribeAsync(Created, async _ =>
        {
            Interlocked.Increment(ref calls);
            entered.TrySetResult();
            await release.Task;
        });
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);

        await app.ReloadedAsync(x => Config(x)["Heartbeat"] = "00:00:21");
        await HasConnectionsAsync(2);
        release.SetResult();

        await HasConnectionsAsync(1);
        await Eventually.TrueAsync(async () => (await own.Node.ControlAsync("list_queues", "name", "messages"))
            .Split('\n').Contains($"{Queue}\t0"), Deadline);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_password_that_is_rotated_in_the_configuration_heals_a_refused_connection_without_a_restart()
    {
        await AddUserAsync("rotated", "old");
        var app = Start(env: x => x["Config"]!["Url"] = $"amqp://rotated:$Secret{{PASSWORD}}@127.0.0.1:{own.Node.Port}/",
            configuration: x => x["Secrets"] = new JsonObject { ["PASSWORD"] = "wrong" });
        var inbox = new Inbox();
        var subscribing = app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        var publishing = app.Broker.PublishAsync(Created, 1);
        var connection = $"ductape: RABBITMQ (amqp://127.0.0.1:{own.Node.Port}/)";
        await Eventually.TrueAsync(async () => (await app.ReportAsync()).Entries[connection].Status == HealthStatus.Unhealthy, Deadline);
        Assert.Contains("ACCESS_REFUSED", $"{(await app.ReportAsync()).Entries[connection].Exception}");

        await app.ReloadedAsync(x => x["Secrets"]!["PASSWORD"] = "old");

        await subscribing;
        await publishing;
        await Eventually.TrueAsync(async () => (await app.ReportAsync()).Entries[connection].Status == HealthStatus.Healthy, Deadline);
        await app.Broker.PublishAsync(Created, 2);
        await Eventually.TrueAsync(() => inbox.Bodies.Contains("2"));
        await own.Node.ListAsync("rotated", "list_connections", "user");
    }

    [Fact]
    public async Task A_changed_secret_in_the_configuration_makes_the_connection_anew()
    {
        await AddUserAsync("keeper", "one");
        var app = Start(env: x => x["Config"]!["Url"] = $"amqp://keeper:$Secret{{PASSWORD}}@127.0.0.1:{own.Node.Port}/",
            configuration: x => x["Secrets"] = new JsonObject { ["PASSWORD"] = "one" });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        var before = await ConnectionsAsync();

        await own.Node.ControlAsync("change_password", "keeper", "two");
        await app.ReloadedAsync(x => x["Secrets"]!["PASSWORD"] = "two");

        await HasConnectionsAsync(1);
        Assert.NotEqual(before, await ConnectionsAsync());
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task A_connection_string_of_the_application_is_used_and_another_value_makes_the_connection_anew()
    {
        await AddUserAsync("aspire1", "p%2F1");
        await AddUserAsync("aspire2", "p%2F2");
        string Url(int user) => $"amqp://aspire{user}:p%252F{user}@127.0.0.1:{own.Node.Port}";
        var app = Start(env: x => x["Config"] = new JsonObject { ["ConnectionName"] = "rabbit" },
            configuration: x => x.Parent!["ConnectionStrings"] = new JsonObject { ["rabbit"] = Url(1) });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
        await own.Node.ListAsync("aspire1", "list_connections", "user");

        await app.ReloadedAsync(x => x.Parent!["ConnectionStrings"]!["rabbit"] = Url(2));

        await HasConnectionsAsync(1);
        await own.Node.ListAsync("aspire2", "list_connections", "user");
        await app.Broker.PublishAsync(Created, 2);
        await inbox.HasAsync(2);
        Assert.Equal("RABBITMQ (ConnectionStrings:rabbit)", app.Catalog.FetchRoute(Created).Connection);
    }

    [Fact]
    public async Task A_changed_shared_broker_moves_the_subscriptions_of_every_product()
    {
        var app = Start(configuration: x =>
        {
            var broker = x["Products"]!["shop"]!["Brokers"]![BrokerTag]!.DeepClone();
            broker["Topics"]!["created"]!["Subscribers"] = new JsonArray("shop", "billing");
            x["Brokers"] = new JsonObject { [BrokerTag] = broker };
            x.AsObject().Remove("Products");
        });
        var (shop, billing) = (new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync(Created, shop.ReceiveAsync);
        await app.Broker.SubscribeAsync(Created, billing.ReceiveAsync, product: "billing");
        await HasConnectionsAsync(1);
        var before = await ConnectionsAsync();

        await app.ReloadedAsync(x => x["Brokers"]![BrokerTag]!["Envs"]!["test"]!["Config"]!["Heartbeat"] = "00:00:22");

        await HasConnectionsAsync(1);
        Assert.NotEqual(before, await ConnectionsAsync());
        await app.Broker.PublishAsync(Created, 1);
        await shop.HasAsync(1);
        await billing.HasAsync(1);
    }

    [Fact]
    public async Task A_new_broker_that_does_not_answer_is_told_of_and_the_old_one_goes_on_until_it_does()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        app.Reload(x => Config(x)["Url"] = "amqp://guest:marker-secret@127.0.0.1:1/");
        await Eventually.TrueAsync(async () => (await app.HealthAsync()).Description!.Contains("is being connected"), Deadline);

        await Eventually.TrueAsync(async () =>
        {
            _time.Jump(TimeSpan.FromSeconds(31));
            return (await app.HealthAsync()).Status == HealthStatus.Degraded;
        }, Deadline);
        var health = await app.HealthAsync();
        Assert.StartsWith(
            $"The new configuration of shop/{BrokerTag} in test is not in use: RABBITMQ (amqp://127.0.0.1:1/) is not connected: ", health.Description);
        Assert.DoesNotContain("marker-secret", health.Description);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);

        await app.ReloadedAsync(x => Config(x)["Url"] = own.Node.Url);
        Assert.Equal(HealthStatus.Healthy, (await app.HealthAsync()).Status);
        await app.Broker.PublishAsync(Created, 2);
        await inbox.HasAsync(2);
        await HasConnectionsAsync(1);
    }

    [Fact]
    public async Task A_queue_that_the_broker_refuses_keeps_the_old_configuration_in_use()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        app.Reload(x => Config(x)["QueueType"] = "Quorum");

        await Eventually.TrueAsync(async () => (await app.HealthAsync()).Status == HealthStatus.Degraded, Deadline);
        Assert.Contains("does not take over a subscription: ", (await app.HealthAsync()).Description);
        Assert.Contains("PRECONDITION_FAILED", (await app.HealthAsync()).Description);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);

        await app.ReloadedAsync(x => Config(x)["QueueType"] = "Classic");
        Assert.Equal(HealthStatus.Healthy, (await app.HealthAsync()).Status);
        await HasConnectionsAsync(1);
    }

    [Fact]
    public async Task Subscribers_that_are_added_get_their_durable_queue()
    {
        var app = Start();
        await app.Broker.PublishAsync(Created, "nobody");

        await app.ReloadedAsync(x => Topic(x)["Subscribers"] = new JsonArray("audit"));
        await app.Broker.PublishAsync(Created, "kept");

        await own.Node.ListAsync($"audit-{BrokerTag}-created-test\t1", "list_queues", "name", "messages");
    }

    [Fact]
    public async Task From_in_memory_to_RabbitMQ_nothing_that_waits_is_lost()
    {
        var app = Start(env: x => x["Type"] = "IN_MEMORY", configuration: x => x["Products"]!["shop"]!["Brokers"]![BrokerTag]!["Envs"]!["test"]!.AsObject().Remove("Config"));
        var inbox = new Inbox();
        using var gate = new SemaphoreSlim(0);
        var subscription = await app.Broker.SubscribeAsync(Created, async x =>
        {
            await gate.WaitAsync();
            await inbox.ReceiveAsync(x);
        });
        for (var i = 0; i < 100; i++)
            await app.Broker.PublishAsync(Created, i);

        await app.ReloadedAsync(x => x["Products"]!["shop"]!["Brokers"]![BrokerTag]!["Envs"]!["test"] =
            new JsonObject { ["Type"] = "RABBITMQ", ["Config"] = new JsonObject { ["Url"] = own.Node.Url } });
        Assert.Equal("RABBITMQ", (await app.Broker.PublishAsync(Created, 100)).BrokerType);
        gate.Release(101);

        await inbox.HasAsync(101);
        Assert.Equal(101, inbox.Bodies.Distinct().Count());
        await subscription.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_paused_subscription_gets_what_is_published_after_its_queue_has_changed(bool ephemeral)
    {
        var app = Start();
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync, ephemeral: ephemeral);
        await subscription.PauseAsync();

        await app.ReloadedAsync(x =>
        {
            Topic(x)["Entity"] = $"{BrokerTag}-another";
            Topic(x)["Queue"] = $"{BrokerTag}-elsewhere";
        });
        for (var i = 0; i < 20; i++)
            await app.Broker.PublishAsync(Created, i);
        await HoldsAsync(subscription.Queue, 20);
        Assert.Equal(0, inbox.Count);
        await subscription.ResumeAsync().WaitAsync(Deadline, TestContext.Current.CancellationToken);

        await inbox.HasAsync(20);
        Assert.Equal(20, inbox.Count);
        Assert.True(await HasNoErrorsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_waits_for_a_paused_subscription_waits_on_through_a_reload(bool ordered)
    {
        var app = Start(ordered ? new JsonObject { ["PartitionKey"] = "key" } : null);
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await subscription.PauseAsync();
        for (var i = 0; i < 50; i++)
            await app.Broker.PublishAsync(Created, i, partitionKey: "a");

        for (var i = 0; i < 3; i++)
            await app.ReloadedAsync(x => Topic(x)["Prefetch"] = 20 + i);
        await HoldsAsync(subscription.Queue, 50);
        Assert.Equal(0, inbox.Count);
        Assert.True(subscription.IsPaused);
        await subscription.ResumeAsync().WaitAsync(Deadline, TestContext.Current.CancellationToken);

        await inbox.HasAsync(50);
        if (ordered)
            Assert.Equal(Enumerable.Range(0, 50).Select(x => $"{x}"), inbox.Bodies);
        Assert.Equal(50, inbox.Count);
        Assert.True(await HasNoErrorsAsync());
    }

    [Fact]
    public async Task What_waits_in_memory_for_a_paused_subscription_arrives_after_it_has_moved_and_goes_on()
    {
        var app = Start(env: x => x["Type"] = "IN_MEMORY", configuration: x => x["Products"]!["shop"]!["Brokers"]![BrokerTag]!["Envs"]!["test"]!.AsObject().Remove("Config"));
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await subscription.PauseAsync();
        for (var i = 0; i < 10; i++)
            await app.Broker.PublishAsync(Created, i);

        await app.ReloadedAsync(x => x["Products"]!["shop"]!["Brokers"]![BrokerTag]!["Envs"]!["test"] =
            new JsonObject { ["Type"] = "RABBITMQ", ["Config"] = new JsonObject { ["Url"] = own.Node.Url } });
        await app.Broker.PublishAsync(Created, 10);
        Assert.Equal(0, inbox.Count);
        await subscription.ResumeAsync().WaitAsync(Deadline, TestContext.Current.CancellationToken);

        await inbox.HasAsync(11);
        Assert.Equal(11, inbox.Bodies.Distinct().Count());
    }

    [Fact]
    public async Task Pauses_while_connections_are_replaced_are_kept_and_lose_nothing()
    {
        var app = Start(new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 } });
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        using var ended = new CancellationTokenSource();
        var published = 0;
        var publishing = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
                await app.Broker.PublishAsync(Created, Interlocked.Increment(ref published));
        });
        var pausing = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                await subscription.PauseAsync().WaitAsync(Deadline);
                var resuming = subscription.ResumeAsync();
                await subscription.PauseAsync().WaitAsync(Deadline);
                await resuming.WaitAsync(Deadline);
                await subscription.ResumeAsync().WaitAsync(Deadline);
            }
        });

        for (var i = 0; i < 4; i++)
            await app.ReloadedAsync(x => Topic(x)["Prefetch"] = 20 + i);
        await ended.CancelAsync();
        await Task.WhenAll(publishing, pausing);

        await Eventually.TrueAsync(() => inbox.Bodies.Distinct().Count() == published, Deadline);
        Assert.True(await HasNoErrorsAsync());
        await subscription.PauseAsync().WaitAsync(Deadline, TestContext.Current.CancellationToken);
        var before = inbox.Count;
        await app.Broker.PublishAsync(Created, -1);
        await Eventually.TrueAsync(async () => (await own.Node.ControlAsync("list_queues", "name", "messages")).Contains($"{Queue}\t1"), Deadline);
        Assert.Equal(before, inbox.Count);
    }

    [Fact]
    public async Task A_kill_switch_that_is_taken_away_while_it_is_tripped_lets_its_subscription_go_on()
    {
        var app = Start(new JsonObject
        {
            ["Retry"] = new JsonObject { ["Count"] = 0 },
            ["KillSwitch"] = new JsonObject { ["ActivationThreshold"] = 1, ["RestartTimeout"] = "01:00:00" },
        });
        var (inbox, fails) = (new Inbox(), true);
        await app.Broker.SubscribeAsync(Created, x => Volatile.Read(ref fails) ? throw new InvalidOperationException("on purpose") : inbox.ReceiveAsync(x));
        await Eventually.TrueAsync(async () =>
        {
            await app.Broker.PublishAsync(Created, 0);
            return (await app.ReportAsync()).Entries.Values.Any(x => x.Description!.Contains("tripped", StringComparison.Ordinal));
        });
        Volatile.Write(ref fails, false);

        await app.ReloadedAsync(x => Topic(x).AsObject().Remove("KillSwitch"));
        await app.Broker.PublishAsync(Created, 1);

        await Eventually.TrueAsync(() => inbox.Bodies.Contains("1"));
    }

    [Fact]
    public async Task A_removed_broker_closes_its_connection()
    {
        var app = Start();
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        await HasConnectionsAsync(1);

        await app.ReloadedAsync(x =>
        {
            var brokers = x["Products"]!["shop"]!["Brokers"]!.AsObject();
            brokers["other"] = new JsonObject { ["Envs"] = new JsonObject { ["test"] = new JsonObject { ["Type"] = "IN_MEMORY" } } };
            brokers.Remove(BrokerTag);
        });

        await HasConnectionsAsync(0);
    }

    [Fact]
    public async Task Many_reloads_in_a_row_leave_one_connection_and_one_consumer()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        for (var i = 0; i < 100; i++)
            app.Reload(x => Config(x)["Heartbeat"] = $"00:00:{20 + (i % 30)}");
        await app.ReloadedAsync(x => Config(x)["Heartbeat"] = "00:01:00");

        await HasConnectionsAsync(1);
        Assert.Single((await own.Node.ListAsync(Queue, "list_consumers", "queue_name")).Split('\n'), Queue);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_replaced_connections()
    {
        var env = new JsonObject { ["Type"] = "RABBITMQ", ["Config"] = new JsonObject { ["Url"] = shared.Node.Url } };

        var rounds = await MemoryWorker.RunAsync("reloads", env.ToJsonString(), "12", "2");

        Assert.Equal(12, rounds.Count);
        // A bus and its endpoint take several hundred kilobytes, and each round replaces two.
        MemorySlope.AssertFlat(rounds, most: 60_000);
    }

    private ReloadApp Start(JsonObject? topic = null, Action<JsonObject>? env = null, Action<JsonNode>? configuration = null)
    {
        var environment = new JsonObject { ["Type"] = "RABBITMQ", ["Config"] = new JsonObject { ["Url"] = own.Node.Url } };
        env?.Invoke(environment);
        var json = ConformanceApp.Configuration(environment, topic, BrokerTag);
        json["Ductape"]!["Products"]!.AsObject().Remove("billing");
        configuration?.Invoke(json["Ductape"]!);
        var app = new ReloadApp(json, x => x.AddRabbitMq(), x => x.AddSingleton<TimeProvider>(_time));
        _apps.Add(app);
        return app;
    }

    private JsonNode Config(JsonNode section) => section["Products"]!["shop"]!["Brokers"]![BrokerTag]!["Envs"]!["test"]!["Config"]!;

    private JsonNode Topic(JsonNode section) => section["Products"]!["shop"]!["Brokers"]![BrokerTag]!["Topics"]!["created"]!;

    private async Task<bool> HasNoErrorsAsync() => !(await own.Node.ControlAsync("list_queues", "name", "messages")).Split('\n')
        .Any(x => x.Contains(BrokerTag, StringComparison.Ordinal) && x.Contains("_error\t", StringComparison.Ordinal) && !x.EndsWith("\t0", StringComparison.Ordinal));

    /// <summary>
    /// Completes when a queue has so many messages; those of an ephemeral one are with its paused consumer. The server
    /// is asked: nobody else may look at an exclusive queue.
    /// </summary>
    private Task HoldsAsync(string queue, uint count) => Eventually.TrueAsync(
        async () => (await own.Node.ControlAsync("list_queues", "name", "messages")).Split('\n').Contains($"{queue}\t{count}"),
        text: $"{count} messages wait in {queue}");

    private async Task AddUserAsync(string name, string password)
    {
        await own.Node.ControlAsync("add_user", name, password);
        await own.Node.ControlAsync("set_permissions", name, ".*", ".*", ".*");
    }

    private async Task<string[]> ConnectionsAsync() =>
        (await own.Node.ControlAsync("list_connections", "pid", "client_properties")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        // The one for receiving comes and goes with it.
        .Where(x => x.StartsWith('<') && x.Contains("(publishing)", StringComparison.Ordinal)).ToArray();

    private Task HasConnectionsAsync(int count) =>
        Eventually.TrueAsync(async () => (await ConnectionsAsync()).Length == count, Deadline, $"{count} connections");

    private sealed class JumpingTime : TimeProvider
    {
        private long _ticks;

        public void Jump(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

        public override long GetTimestamp() => System.GetTimestamp() + (long)(Volatile.Read(ref _ticks) * (TimestampFrequency / (double)TimeSpan.TicksPerSecond));
    }
}
