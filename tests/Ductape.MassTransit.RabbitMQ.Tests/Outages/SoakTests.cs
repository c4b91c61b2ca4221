using System.Diagnostics;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>
/// Publishing and receiving at full speed, publishing at full speed into a broker that is dead, and its return, again and again: what the
/// process and the broker hold must not grow. Two deaths; with <c>tests/run.sh --soak [minutes]</c> longer.
/// </summary>
[Collection(SubscriptionMemoryConformance.Alone)]
public sealed class SoakTests(ITestOutputHelper output) : OutageTest
{
    private const int Publishers = 32;

    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(TestReport.Setting("DUCTAPE_SOAK_MINUTES", 0.1));
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds / 12, 2, 60));

    private long _received;
    private long _published;
    private long _refused;
    private long _peak;

    [Fact]
    public async Task Memory_handles_and_channels_do_not_grow_whether_the_broker_is_there_or_not()
    {
        var app = Start(change: x =>
        {
            x["PublishTimeout"] = "00:00:02";
            x["MaxWaitingPublishes"] = 1000;
        });
        await app.Broker.SubscribeAsync(Created, _ =>
        {
            Interlocked.Increment(ref _received);
            return Task.CompletedTask;
        });
        await CycleAsync(app);
        var start = await MeasureAsync("start");

        var watch = Stopwatch.StartNew();
        var cycles = 0;
        for (; cycles == 0 || watch.Elapsed < Duration; cycles++)
            await CycleAsync(app);

        var end = await MeasureAsync("end");
        TestReport.Write(output,
            $"soak: {cycles} deaths of the broker in {watch.Elapsed.TotalMinutes:N1} min, {_published:N0} published, {_received:N0} received, {_refused:N0} "
            + $"refused while it was dead, at most {_peak >> 20:N0} MB managed");
        Assert.True(end.Managed < (start.Managed * 1.3) + 10_000_000, $"Managed memory grew from {start.Managed:N0} to {end.Managed:N0} bytes.");
        Assert.True(end.Handles <= start.Handles + 10, $"Open handles grew from {start.Handles} to {end.Handles}.");
        Assert.True(end.Channels <= start.Channels + 1, $"Channels grew from {start.Channels} to {end.Channels}.");
        Assert.Equal(start.Connections, end.Connections);
        Assert.InRange(_peak, 1, start.Managed + 300_000_000);
    }

    private async Task CycleAsync(ConformanceApp app)
    {
        await RunAsync(app.Broker, waits: true);
        await Node.KillAsync();
        await BecomesAsync(HealthStatus.Unhealthy, app, TimeSpan.FromSeconds(20));
        await RunAsync(app.Broker, waits: false);
        await Node.StartAsync();
        await BecomesAsync(HealthStatus.Healthy, app, TimeSpan.FromSeconds(60));
        // What waited is through, or has failed.
        await Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(() => app.Broker.PublishAsync(Created, 0)) is null, TimeSpan.FromSeconds(20));
    }

    private async Task RunAsync(IMessageBroker broker, bool waits)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, waits ? Publishers : 1).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < Phase)
            {
                var publishing = CountAsync(broker);
                if (waits)
                    await publishing;
                _peak = Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: false));
            }
        })));
    }

    private async Task CountAsync(IMessageBroker broker)
    {
        try
        {
            await broker.PublishAsync(Created, new { text = new string('x', 500) });
            Interlocked.Increment(ref _published);
        }
        catch (DuctapeException)
        {
            Interlocked.Increment(ref _refused);
        }
    }

    private async Task<Held> MeasureAsync(string when)
    {
        using var process = Process.GetCurrentProcess();
        var held = new Held(
            GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64, Directory.GetFiles("/proc/self/fd").Length,
            await CountAsync("list_channels"), await CountAsync("list_connections"));
        TestReport.Write(output,
            $"soak, {when}: {held.Managed:N0} bytes managed, {held.WorkingSet >> 20:N0} MB working set, {held.Handles} handles, {held.Channels} channels, "
            + $"{held.Connections} connections");
        return held;
    }

    private async Task<int> CountAsync(string list) =>
        (await Node.ControlAsync(list, "pid")).Split('\n').Count(x => x.StartsWith('<'));

    private sealed record Held(long Managed, long WorkingSet, int Handles, int Channels, int Connections);
}
