using System.Text.Json;
using System.Text.Json.Nodes;
using static Ductape.MassTransit.MemoryWorker.WorkerApp;

namespace Ductape.MassTransit.MemoryWorker;

/// <summary>
/// A replay that looks at every dead letter and moves none; each so many that it has seen are a round.
/// </summary>
internal static class DeadLetterScan
{
    public static async Task RunAsync(JsonObject env, string broker, int every)
    {
        await using var app = Start(env, broker: broker);
        var seen = 0;
        await app.DeadLetters.ReplayAsync($"{broker}:created", new DeadLetterSelection
        {
            Where = x =>
            {
                if (++seen % every == 0)
                    LiveMemory.Print();
                return x.Json.ValueKind == JsonValueKind.Array;
            },
        }, dryRun: true);
    }
}
