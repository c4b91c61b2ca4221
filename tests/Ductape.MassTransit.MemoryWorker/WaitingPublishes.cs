using System.Text.Json.Nodes;
using static Ductape.MassTransit.MemoryWorker.WorkerApp;

namespace Ductape.MassTransit.MemoryWorker;

/// <summary>
/// Publishing without waiting to a broker that is not there: a thousand wait, and the others are refused at once.
/// </summary>
internal static class WaitingPublishes
{
    public static async Task RunAsync(JsonObject env, int rounds, int publishes)
    {
        var app = Start(env, x =>
        {
            x["PublishTimeout"] = "01:00:00";
            x["MaxWaitingPublishes"] = 1000;
        });
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < publishes; i++)
            {
                var message = new byte[1000];
                message.AsSpan().Fill((byte)'1');
                _ = app.Broker.PublishAsync(Created, message).ContinueWith(x => x.Exception, TaskScheduler.Default);
                if (i % 100 == 0)
                    await Task.Yield();
            }

            // The first round fills the places of those that wait.
            if (round > 0)
                LiveMemory.Print();
        }
    }
}
