using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Pauses and order while a broker goes and comes again. Each test has a node of its own.</summary>
public sealed class FlowOutageTests : IAsyncLifetime
{
    private const string Created = "orders:created";
    private static readonly TimeSpan Deadline = Eventually.Deadline;

    private readonly RabbitMqNode _node = new();

    public async ValueTask InitializeAsync() => await _node.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_paused_subscription_stays_paused_when_the_broker_comes_back()
    {
        await using var app = Start();
        var (inbox, audit) = (new Inbox(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await subscription.PauseAsync().WaitAsync(Deadline);

        await _node.KillAsync();
        var health = app.Services.GetRequiredService<HealthCheckService>();
        await Eventually.TrueAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Unhealthy);
        await _node.StartAsync();
        await Eventually.TrueAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Healthy, Deadline);
        await app.Broker.PublishAsync(Created, 1);
        await audit.HasAsync(1, Deadline);

        Assert.True(subscription.IsPaused);
        Assert.Equal(0, inbox.Count);
        await subscription.ResumeAsync().WaitAsync(Deadline);
        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task Pausing_and_resuming_without_the_broker_takes_effect_when_it_comes()
    {
        await using var app = Start();
        var (inbox, audit) = (new Inbox(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await _node.KillAsync();

        await subscription.PauseAsync().WaitAsync(Deadline);
        await _node.StartAsync();
        await Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(() => app.Broker.PublishAsync(Created, 1)) is null, Deadline);
        await audit.HasAsync(1, Deadline);
        Assert.Equal(0, inbox.Count);
        await _node.KillAsync();
        var resuming = subscription.ResumeAsync();
        await _node.StartAsync();

        await resuming.WaitAsync(Deadline);
        await inbox.HasAsync(1, Deadline);
    }

    [Fact]
    public async Task The_order_holds_when_connections_are_lost()
    {
        const int keys = 10;
        const int each = 100;
        await using var app = Start();
        var log = new OrderLog();
        await app.Broker.SubscribeAsync(Created, log.ReceiveAsync);

        var publishing = Parallel.ForAsync(0, keys, async (key, _) =>
        {
            for (var i = 0; i < each; i++)
            {
                while (await Record.ExceptionAsync(() => app.Broker.PublishAsync(Created, new OrderLog.Order($"key{key}", i))) is not null)
                {
                }
            }
        });
        for (var i = 1; i <= 3; i++)
        {
            await Eventually.TrueAsync(() => log.Count > i * 100, Deadline);
            await _node.ControlAsync("close_all_connections", "a test");
        }

        await publishing.WaitAsync(Deadline);
        await Eventually.TrueAsync(() => log.Keys.Count() == keys && log.Keys.All(x => log.Of(x).Contains(each - 1)), Deadline);
        // What was not acknowledged comes again, in its old place: a number appears for the first time only after all
        // before it.
        foreach (var key in log.Keys)
            Assert.Equal(Enumerable.Range(0, each), log.Of(key).Distinct());
        Assert.Empty(log.Overlaps);
    }

    private ConformanceApp Start()
    {
        var json = ConformanceApp.Configuration(
            new JsonObject { ["Type"] = "RABBITMQ", ["Config"] = new JsonObject { ["Url"] = _node.Url } },
            new JsonObject { ["PartitionKey"] = "key", ["Concurrency"] = 4 });
        json["Ductape"]!["PublishTimeout"] = "00:00:10";
        return new ConformanceApp(json, x => x.AddRabbitMq(), x => x.AddHealthChecks());
    }
}
