using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.CallWorker;

/// <summary>Brokers in memory.</summary>
internal static class MemoryFlow
{
    public static async Task RunAsync(string broker)
    {
        await using var app = Start();
        await new Flow(app).RunAsync(broker);
    }

    public static async Task RunBusAsync()
    {
        await using var app = Start();
        await BusFlow.RunAsync(app, BrokerTypes.InMemory, _ => { });
    }

    /// <summary>What is sent to a queue, as to those that exist in the clouds.</summary>
    public static async Task SendAsync()
    {
        await using var app = new ReloadApp(
            ConformanceApp.Configuration(new JsonObject { ["Type"] = "EXISTING" }), x => x.AddTransport<ExistingQueueTransport>());
        await app.Broker.PublishAsync("orders:created", 1);
    }

    private static ReloadApp Start() => new(Flow.Configuration(new JsonObject { ["Type"] = BrokerTypes.InMemory }));
}
