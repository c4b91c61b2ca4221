using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.AmazonSQS.Tests;

/// <summary>A test on the shared emulator, with a broker tag of its own.</summary>
public abstract class AmazonSqsTest(AmazonSqsFixture fixture) : IAsyncLifetime
{
    private static int _broker;
    private readonly List<ConformanceApp> _apps = [];

    protected AmazonSqsFixture Fixture => fixture;

    protected string BrokerTag { get; } = $"sqs{Environment.ProcessId}x{Interlocked.Increment(ref _broker)}";

    protected string Created => $"{BrokerTag}:created";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var app in _apps)
            await app.DisposeAsync();
    }

    protected ConformanceApp Start(JsonObject? topic = null, Action<JsonObject>? config = null, Action<JsonObject>? env = null)
    {
        var environment = fixture.Env();
        config?.Invoke(environment["Config"]!.AsObject());
        env?.Invoke(environment);
        var app = new ConformanceApp(ConformanceApp.Configuration(environment, topic, BrokerTag), x => x.AddAmazonSqs());
        _apps.Add(app);
        return app;
    }
}
