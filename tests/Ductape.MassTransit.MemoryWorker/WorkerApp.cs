using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.MemoryWorker;

/// <summary>The application of a scenario, with every transport.</summary>
internal static class WorkerApp
{
    public const string Created = "orders:created";

    public static ConformanceApp Start(JsonObject env, Action<JsonObject>? change = null, string broker = "orders")
    {
        var configuration = ConformanceApp.Configuration(env, broker: broker);
        change?.Invoke(configuration["Ductape"]!.AsObject());
        return new ConformanceApp(configuration, AddTransports, x => x.AddHealthChecks());
    }

    public static void AddTransports(IDuctapeMessageBrokerBuilder builder) => builder.AddRabbitMq().AddAmazonSqs().AddAzureServiceBus();
}
