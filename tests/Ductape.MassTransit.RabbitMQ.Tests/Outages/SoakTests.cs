using System.Diagnostics;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>
/// Publishing and receiving at full speed, publishing at full speed into a broker that is dead, and its return, again
/// and again: what the process and the broker hold must not grow. Seven outages, of which the network makes all but the
/// last; with <c>tests/run.sh --soak [minutes]</c> more, and the broker is killed each time.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output) : OutageTest
{
    private const int Rounds = 7;

    // Sockets, timers and threads of a first outage or two stay for the next ones.
    private const int Settling = 2;

    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(TestReport.Setting("DUCTAPE_SOAK_MINUTES", 0));
    private static readonly bool IsLong = Duration > TimeSpan.Zero;
    private static readonly int Phase = (int)Math.Clamp(Duration.TotalMilliseconds / 20, 1_000, 60_000);

    [Fact]
    public async Task Memory_handles_and_channels_do_not_grow_whether_the_broker_is_there_or_not()
    {
        await using var proxy = new TcpProxy(Node.Port);
        var env = Configuration(proxy.Port)["Ductape"]!["Products"]!["shop"]!["Brokers"]!["orders"]!["Envs"]!["test"]!;
        await using var worker = MemoryWorker.Start("outages", env.ToJsonString());
        await OutlivesAsync(worker, proxy, kill: IsLong);
        var (start, watch) = (await HoldsAsync(worker), Stopwatch.StartNew());
        var rounds = new List<Held> { start };
        while (rounds.Count < Rounds || watch.Elapsed < Duration)
        {
            await OutlivesAsync(worker, proxy, kill: IsLong || rounds.Count == Rounds - 1);
            rounds.Add(await HoldsAsync(worker));
        }

        var counts = await worker.CommandAsync("count");
        TestReport.Write(output,
            $"soak: {rounds.Count} outages in {watch.Elapsed.TotalMinutes:N1} min, {counts[0]:N0} published, {counts[1]:N0} refused meanwhile, "
            + $"{counts[2]:N0} received; {start.Bytes:N0} bytes live at the start and {rounds[^1].Bytes:N0} at the end, {MemorySlope.Of([.. rounds.Select(x => x.Bytes)]):N0} "
            + $"more an outage; {start.Handles} and {rounds[^1].Handles} handles");
        // A thousand publishes that wait are a megabyte and more, and a connection is several hundred kilobytes.
        MemorySlope.AssertFlat([.. rounds.Select(x => x.Bytes)], most: 150_000);
        AssertNotInEveryOutage([.. rounds.Skip(Settling).Select(x => x.Handles)]);
        await Eventually.TrueAsync(async () => await CountAsync("list_connections") <= start.Connections, text: $"{start.Connections} connections as at the start");
        // What looks after bindings and what moves messages aside open a channel each when they first need it.
        await Eventually.TrueAsync(
            async () => await CountAsync("list_channels") <= start.Channels + 2, text: $"{start.Channels} channels as at the start, and two at most");
    }

    /// <summary>
    /// What an outage leaves behind comes with every outage; the thread pool takes a few handles once, whenever it
    /// grows.
    /// </summary>
    private static void AssertNotInEveryOutage(IReadOnlyList<long> handles)
    {
        var more = handles.Zip(handles.Skip(1)).Count(x => x.Second > x.First);
        Assert.True(more * 2 < handles.Count, $"{more} of {handles.Count - 1} outages left handles behind: {string.Join(", ", handles)}.");
    }

    private async Task OutlivesAsync(MemoryWorker worker, TcpProxy proxy, bool kill)
    {
        await worker.CommandAsync($"run {Phase}");
        proxy.Refuse();
        if (kill)
            await Node.KillAsync();
        await worker.CommandAsync("unhealthy");
        await worker.CommandAsync($"flood {Phase}");
        if (kill)
            await Node.StartAsync();
        proxy.Accept();
        await worker.CommandAsync("healthy");
        await worker.CommandAsync("settle");
    }

    private async Task<Held> HoldsAsync(MemoryWorker worker)
    {
        var held = await worker.CommandAsync("hold");
        return new Held(held[0], held[1], await CountAsync("list_channels"), await CountAsync("list_connections"));
    }

    private async Task<int> CountAsync(string list) =>
        (await Node.ControlAsync(list, "pid")).Split('\n').Count(x => x.StartsWith('<'));

    private sealed record Held(long Bytes, long Handles, int Channels, int Connections);
}
