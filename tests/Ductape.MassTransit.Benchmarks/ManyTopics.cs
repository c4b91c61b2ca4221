using System.Diagnostics;
using System.Text.Json;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// Many topics of one RabbitMQ broker, a queue and a consumer each, beside RabbitMQ.Client: how long until all receive,
/// what a message costs, and how much memory the process takes. Each side runs in a process of its own, on a virtual
/// host of its own.
/// </summary>
internal static class ManyTopics
{
    /// <summary>The first argument of a process that is one side.</summary>
    public const string Worker = "topics-worker";

    private const int Messages = 100_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private static readonly string[] Sides = ["raw", "ductape"];

    public static async Task<Table> RunAsync(PrivateRabbitMq rabbit, IEnumerable<int> counts, bool quick)
    {
        var rows = new List<string[]>();
        foreach (var count in counts)
        {
            var sides = new List<TopicsMeasurement>();
            foreach (var side in Sides)
            {
                Progress.Say($"RabbitMQ: {count} topics, {side}");
                sides.Add(await MeasureAsync(rabbit, side, count, quick ? Messages / 10 : Messages));
            }

            rows.Add(
            [
                count.ToString("#,0"),
                .. Cells(sides, x => x.StartSeconds),
                .. Cells(sides, x => x.MessagesPerSecond),
                .. Cells(sides, x => x.CpuMicroseconds),
                .. Cells(sides, x => x.AllocatedBytes),
                .. Cells(sides, x => x.WorkingSetMegabytes),
            ]);
        }

        return new Table(
            ["RabbitMQ, topics", "raw: start s", "Ductape", "ratio", "raw: messages/s", "Ductape", "ratio", "raw: CPU µs", "Ductape", "ratio",
                "raw: allocated B", "Ductape", "ratio", "raw: working set MB", "Ductape", "ratio"],
            rows);
    }

    /// <summary>One side: prints what it measured.</summary>
    public static async Task RunWorkerAsync(string[] args)
    {
        var (side, url, count, messages) = (args[0], args[1], int.Parse(args[2]), int.Parse(args[3]));
        // What both need before they can do anything is not their start.
        JsonSerializer.Deserialize<Order>(JsonSerializer.SerializeToUtf8Bytes(Order.Numbered(0), JsonSerializerOptions.Web), JsonSerializerOptions.Web);
        var clock = Stopwatch.StartNew();
        await using var contender = side == "raw" ? await RawTopics.StartAsync(url, count) : await DuctapeTopics.StartAsync(url, count);
        var start = clock.Elapsed.TotalSeconds;
        await EndToEnd.RunAsync(contender, Math.Max(count * 2, messages / 5));
        var measured = await EndToEnd.RunAsync(contender, messages);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new TopicsMeasurement(start, measured.MessagesPerSecond, measured.CpuMicroseconds, measured.AllocatedBytes,
            process.WorkingSet64 / 1048576.0)));
    }

    private static async Task<TopicsMeasurement> MeasureAsync(PrivateRabbitMq rabbit, string side, int count, int messages)
    {
        var host = $"{side}-{count}";
        await rabbit.ControlAsync("add_vhost", host);
        try
        {
            await rabbit.ControlAsync("set_permissions", "-p", host, "guest", ".*", ".*", ".*");
            var info = new ProcessStartInfo(Environment.ProcessPath!, [Worker, side, rabbit.Url + host, $"{count}", $"{messages}"])
            {
                RedirectStandardOutput = true,
            };
            using var worker = Process.Start(info)!;
            string output;
            try
            {
                output = await worker.StandardOutput.ReadToEndAsync().WaitAsync(Deadline);
                await worker.WaitForExitAsync();
            }
            catch (TimeoutException)
            {
                worker.Kill();
                throw new InvalidOperationException($"{side} with {count} topics did not end within {Deadline}.");
            }

            // The log of the library comes before.
            return worker.ExitCode == 0
                ? JsonSerializer.Deserialize<TopicsMeasurement>(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!
                : throw new InvalidOperationException($"{side} with {count} topics ended with {worker.ExitCode}: {output}");
        }
        finally
        {
            await rabbit.ControlAsync("delete_vhost", host);
        }
    }

    private static string[] Cells(List<TopicsMeasurement> sides, Func<TopicsMeasurement, double> value) =>
        [.. sides.Select(x => value(x) < 10 ? value(x).ToString("0.00") : Row.Number(value(x))), (value(sides[1]) / value(sides[0])).ToString("0.00")];
}
