using System.Globalization;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>A test on the shared node, with a broker tag of its own.</summary>
public abstract class RabbitMqTest(RabbitMqFixture fixture) : IAsyncLifetime
{
    private static int _broker;
    private readonly List<ConformanceApp> _apps = [];

    protected RabbitMqNode Node => fixture.Node;

    protected RabbitMqFixture Fixture => fixture;

    protected string BrokerTag { get; } = $"rabbit{Environment.ProcessId}x{Interlocked.Increment(ref _broker)}";

    protected string Created => $"{BrokerTag}:created";

    protected string Shipped => $"{BrokerTag}:shipped";

    protected string Entity => $"{BrokerTag}-created-test";

    protected string ShopQueue => $"shop-{BrokerTag}-created-test";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var app in _apps)
            await app.DisposeAsync();
    }

    protected ConformanceApp Start(
        JsonObject? topic = null,
        Action<JsonObject>? env = null,
        Action<IServiceCollection>? configure = null,
        Action<JsonObject>? configuration = null)
    {
        var environment = fixture.Env();
        env?.Invoke(environment);
        var json = ConformanceApp.Configuration(environment, topic, BrokerTag);
        configuration?.Invoke(json["Ductape"]!.AsObject());
        var app = new ConformanceApp(json, x => x.AddRabbitMq(), configure);
        _apps.Add(app);
        return app;
    }

    /// <summary>Completes when so many messages of the shop's queue are with a consumer and not acknowledged.</summary>
    protected Task UnacknowledgedAsync(int count) => Eventually.TrueAsync(async () =>
    {
        var queues = await Node.ControlAsync("list_queues", "name", "messages_unacknowledged");
        return queues.Split('\n').Select(x => x.Split('\t')).Any(
            x => x[0] == ShopQueue && int.Parse(x[1], CultureInfo.InvariantCulture) == count);
    }, TimeSpan.FromSeconds(30), $"{count} messages are not acknowledged");
}
