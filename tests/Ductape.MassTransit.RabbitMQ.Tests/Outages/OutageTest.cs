using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>A test with a node of its own, which it may harm.</summary>
public abstract class OutageTest : IAsyncLifetime
{
    protected const string Created = "orders:created";

    protected const string Shipped = "orders:shipped";

    private readonly List<ConformanceApp> _apps = [];

    protected RabbitMqNode Node { get; } = new();

    public virtual ValueTask InitializeAsync() => new(Node.StartAsync());

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var app in _apps)
            await app.DisposeAsync();
        await Node.DisposeAsync();
    }

    /// <summary>
    /// An application whose publishes wait ten seconds and whose subscriptions two, with a heartbeat of two seconds.
    /// </summary>
    protected ConformanceApp Start(int? port = null, Action<JsonObject>? change = null)
    {
        var app = new ConformanceApp(Configuration(port ?? Node.Port, change), x => x.AddRabbitMq(), x => x.AddHealthChecks());
        _apps.Add(app);
        return app;
    }

    protected static JsonObject Configuration(int port, Action<JsonObject>? change = null)
    {
        var json = ConformanceApp.Configuration(new JsonObject
        {
            ["Type"] = "RABBITMQ",
            ["Config"] = new JsonObject { ["Url"] = $"amqp://guest:guest@127.0.0.1:{port}/", ["Heartbeat"] = "00:00:02", ["ConnectTimeout"] = "00:00:03" },
        });
        var root = json["Ductape"]!.AsObject();
        root["PublishTimeout"] = "00:00:10";
        root["SubscribeTimeout"] = "00:00:02";
        change?.Invoke(root);
        return json;
    }

    /// <summary>
    /// Subscribes, and waits until the queue is there: a busy machine needs longer than the two seconds of the call,
    /// and what is published before is lost.
    /// </summary>
    protected static async Task<ISubscription> SubscribeAsync(ConformanceApp app, string @event, Func<ReceivedMessage, Task> callback)
    {
        var subscription = await app.Broker.SubscribeAsync(@event, callback);
        await subscription.Ready.WaitAsync(Eventually.Deadline);
        return subscription;
    }

    protected static JsonObject Topic(JsonObject root, string topic) =>
        root["Products"]!["shop"]!["Brokers"]!["orders"]!["Topics"]![topic]!.AsObject();

    protected static Task<HealthReport> HealthAsync(ConformanceApp app) =>
        app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    protected static Task BecomesAsync(HealthStatus status, ConformanceApp app, TimeSpan? within = null) =>
        Eventually.TrueAsync(async () => (await HealthAsync(app)).Status == status, within, $"the health is {status}");
}
