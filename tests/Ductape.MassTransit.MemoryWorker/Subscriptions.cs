using System.Text.Json.Nodes;
using static Ductape.MassTransit.MemoryWorker.WorkerApp;

namespace Ductape.MassTransit.MemoryWorker;

/// <summary>Subscriptions that come and go.</summary>
internal static class Subscriptions
{
    public static async Task RunAsync(JsonObject env, int rounds, int cycles)
    {
        await using var app = Start(env);
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < cycles; i++)
            {
                await using var durable = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);
                await using var ephemeral = await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask, ephemeral: true);
            }

            // The first round warms up.
            if (round > 0)
                LiveMemory.Print();
        }
    }
}
