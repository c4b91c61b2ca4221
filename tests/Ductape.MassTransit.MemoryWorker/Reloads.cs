using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.MemoryWorker.WorkerApp;

namespace Ductape.MassTransit.MemoryWorker;

/// <summary>
/// A topic whose settings change, so that its connection is replaced, under a subscription that stays.
/// </summary>
internal static class Reloads
{
    public static async Task RunAsync(JsonObject env, int rounds, int reloads)
    {
        var configuration = ConformanceApp.Configuration(env);
        configuration["Ductape"]!["Products"]!.AsObject().Remove("billing");
        await using var app = new ReloadApp(configuration, AddTransports);
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
        var prefetch = 0;
        for (var round = 0; round < rounds + 3; round++)
        {
            for (var i = 0; i < reloads; i++)
            {
                prefetch = (prefetch % 50) + 1;
                await app.ReloadedAsync(x => x["Products"]!["shop"]!["Brokers"]!["orders"]!["Topics"]!["created"]!["Prefetch"] = prefetch);
            }

            // The first rounds warm up.
            if (round >= 3)
                LiveMemory.Print();
        }
    }
}
