using System.Diagnostics;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>Publishes from several callers at once, each awaiting its publish, until every order has arrived.</summary>
internal static class EndToEnd
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Numbers are never used twice, so an order that comes late shows up as a stray of the next run.
    private static int _next;

    public static async Task<Measurement> RunAsync(IContender contender, int messages, string? padding = null)
    {
        var first = _next;
        _next += messages;
        var arrivals = new Arrivals(first, messages);
        contender.Received = arrivals.Record;

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var allocated = GC.GetTotalAllocatedBytes(true);
        var cpu = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();

        await PublishAsync(contender, first, messages, padding);
        await arrivals.WaitAsync(Deadline);

        var seconds = clock.Elapsed.TotalSeconds;
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(true) - allocated;
        arrivals.Verify();
        return new Measurement(messages / seconds, cpu.TotalMicroseconds / messages, (double)allocated / messages);
    }

    private static Task PublishAsync(IContender contender, int first, int messages, string? padding)
    {
        var published = 0;
        return Task.WhenAll(Enumerable.Range(0, Load.Publishers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref published); i <= messages; i = Interlocked.Increment(ref published))
                await contender.PublishAsync(Order.Numbered(first + i - 1) with { Padding = padding });
        })));
    }
}
