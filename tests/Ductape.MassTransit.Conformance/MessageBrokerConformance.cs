using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Conformance;

/// <summary>
/// What every transport must do, through the public API alone. A transport's test project derives from each class that
/// builds on this one, and says how its broker is configured.
/// </summary>
public abstract class MessageBrokerConformance : IAsyncLifetime
{
    private static int _broker;
    private readonly List<ConformanceApp> _apps = [];

    /// <summary>The tag of the broker: new for every test, so that tests that share a server do not meet.</summary>
    protected string BrokerTag { get; } = $"orders{Environment.ProcessId}x{Interlocked.Increment(ref _broker)}";

    protected string Created => $"{BrokerTag}:created";

    protected string Shipped => $"{BrokerTag}:shipped";

    protected virtual int ConcurrentMessages => 2_000;

    /// <summary>The bytes of a large payload.</summary>
    protected virtual int LargePayload => 1024 * 1024;

    /// <summary>Whether a bare payload must be a JSON object.</summary>
    protected virtual bool BarePayloadsAreObjects => false;

    /// <summary>Why a queue cannot be subscribed again while a stop that was given up goes on, or null.</summary>
    protected virtual string? NoSubscriptionDuringStop => null;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var app in _apps)
            await app.DisposeAsync();
    }

    /// <summary>The configuration of the broker in its environment.</summary>
    protected abstract JsonObject Env();

    protected abstract void AddTransport(IDuctapeMessageBrokerBuilder builder);

    /// <summary>
    /// The payloads in the queue that failed messages of the product shop went to, when there are that many.
    /// </summary>
    protected abstract Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count);

    protected ConformanceApp Start(JsonObject? topic = null, Action<JsonObject>? env = null, Action<JsonObject>? configuration = null,
        JsonObject? session = null, Action<IServiceCollection>? configure = null)
    {
        var environment = Env();
        env?.Invoke(environment);
        var json = ConformanceApp.Configuration(environment, topic, BrokerTag, session);
        configuration?.Invoke(json["Ductape"]!.AsObject());
        var app = new ConformanceApp(json, AddTransport, configure);
        _apps.Add(app);
        return app;
    }

    protected static JsonObject FastRetry(int count) => new()
    {
        ["Retry"] = new JsonObject { ["Count"] = count, ["InitialDelay"] = "00:00:00.010", ["MaxDelay"] = "00:00:00.020" },
    };
}
