using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Tests.Reloading;

/// <summary>Tests of reloads in memory, on the products shop and billing.</summary>
public abstract class ReloadTest : IAsyncLifetime
{
    protected const string Created = "orders:created";
    protected const string Shipped = "orders:shipped";
    protected const string Broker = "orders";

    private readonly List<ReloadApp> _apps = [];

    protected CapturedLogs Logs { get; } = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var app in _apps)
            await app.DisposeAsync();
    }

    protected ReloadApp Start(Action<IDuctapeMessageBrokerBuilder>? add = null, bool watched = false, bool hosted = false,
        JsonObject? topic = null, Action<IServiceCollection>? configure = null, Action<JsonNode>? change = null)
    {
        var configuration = ConformanceApp.Configuration(new JsonObject { ["Type"] = "IN_MEMORY" }, topic);
        change?.Invoke(configuration["Ductape"]!);
        var app = new ReloadApp(
            configuration,
            x => { x.AddRabbitMq(); add?.Invoke(x); },
            x =>
            {
                x.AddLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Information));
                configure?.Invoke(x);
            },
            watched,
            hosted);
        _apps.Add(app);
        return app;
    }

    protected int Logged(string text) => Logs.Lines.Count(x => x.Contains(text, StringComparison.Ordinal));

    protected static JsonObject Topics(JsonNode section, string product = "shop") =>
        section["Products"]![product]!["Brokers"]![Broker]!["Topics"]!.AsObject();
}
