using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Ductape.MassTransit.MemoryWorker.WorkerApp;

namespace Ductape.MassTransit.MemoryWorker;

/// <summary>
/// Publishing and receiving at full speed, with a broker or without. Commands, a line each: "run MILLISECONDS"
/// publishes and waits for each publish, "flood MILLISECONDS" waits for none, "unhealthy" and "healthy" wait for that,
/// "settle" waits for a publish that succeeds, "hold" answers with the bytes that live and the open handles, and
/// "count" with what was published, refused and received.
/// </summary>
internal sealed class Outages(ConformanceApp app)
{
    private const int Publishers = 32;

    private static readonly object Message = new { text = new string('x', 500) };

    private long _received;
    private long _published;
    private long _refused;

    public static async Task RunAsync(JsonObject env)
    {
        await using var app = Start(env, x =>
        {
            x["PublishTimeout"] = "00:00:02";
            x["SubscribeTimeout"] = "00:00:02";
            x["MaxWaitingPublishes"] = 1000;
        });
        var outages = new Outages(app);
        var subscription = await app.Broker.SubscribeAsync(Created, _ =>
        {
            Interlocked.Increment(ref outages._received);
            return Task.CompletedTask;
        });
        // A busy machine needs longer than the two seconds of the call, and what is published before goes to no queue.
        await subscription.Ready.WaitAsync(Eventually.Deadline);
        while (await Console.In.ReadLineAsync() is { } command)
            Console.WriteLine(await outages.DoAsync(command.Split(' ')));
    }

    private async Task<string> DoAsync(string[] command)
    {
        switch (command)
        {
            case ["run", var milliseconds]:
                await Task.WhenAll(Enumerable.Range(0, Publishers).Select(_ => Task.Run(() => PublishAsync(milliseconds, waits: true))));
                break;
            case ["flood", var milliseconds]:
                await Task.Run(() => PublishAsync(milliseconds, waits: false));
                break;
            case ["unhealthy"]:
                await BecomesAsync(HealthStatus.Unhealthy);
                break;
            case ["healthy"]:
                await BecomesAsync(HealthStatus.Healthy);
                break;
            case ["settle"]:
                await Eventually.TrueAsync(PublishedAsync, text: "a publish succeeds");
                // What was given up while the broker was dead has ended, and what was published has been received.
                await Eventually.TrueAsync(() => Volatile.Read(ref _received) >= Volatile.Read(ref _published), text: "all that was published is received");
                break;
            case ["hold"]:
                return $"{LiveMemory.Bytes()} {Directory.GetFiles("/proc/self/fd").Length}";
            case ["count"]:
                return $"{_published} {_refused} {_received}";
            default:
                throw new ArgumentException($"There is no command '{string.Join(' ', command)}'.");
        }

        return "";
    }

    private Task BecomesAsync(HealthStatus status) => Eventually.TrueAsync(
        async () => (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status == status, text: $"the health is {status}");

    private async Task PublishAsync(string milliseconds, bool waits)
    {
        var (watch, limit) = (Stopwatch.StartNew(), int.Parse(milliseconds, CultureInfo.InvariantCulture));
        while (watch.ElapsedMilliseconds < limit)
        {
            var publishing = CountAsync();
            if (waits)
                await publishing;
        }
    }

    private async Task<bool> PublishedAsync()
    {
        var before = Volatile.Read(ref _published);
        await CountAsync();
        return Volatile.Read(ref _published) > before;
    }

    private async Task CountAsync()
    {
        try
        {
            await app.Broker.PublishAsync(Created, Message);
            Interlocked.Increment(ref _published);
        }
        catch (DuctapeException)
        {
            Interlocked.Increment(ref _refused);
        }
    }
}
