namespace Ductape.MassTransit.Benchmarks;

/// <summary>Both sides on one transport, in turn, the one that begins alternating from round to round.</summary>
internal static class Comparison
{
    public static async Task<IReadOnlyList<Row>> RunAsync(string transport, IContender plain, IContender ductape, Load load, bool latency)
    {
        Progress.Say($"{transport}: warm-up");
        await WarmUpAsync(plain, load);
        await WarmUpAsync(ductape, load);

        var rounds = new List<(Measurement Plain, Measurement Ductape)>();
        for (var i = 0; i < load.Rounds; i++)
        {
            var (a, b) = await InTurnAsync(i, plain, ductape, x => EndToEnd.RunAsync(x, load.Messages));
            rounds.Add((a, b));
            Progress.Say($"{transport}: round {i + 1} of {load.Rounds}: {a.MessagesPerSecond:#,0} and {b.MessagesPerSecond:#,0} messages/s, "
                + $"{a.CpuMicroseconds:0} and {b.CpuMicroseconds:0} µs, {a.AllocatedBytes:#,0} and {b.AllocatedBytes:#,0} B");
        }

        var rows = new List<Row>
        {
            Row.Of($"{transport}: messages/s", [.. rounds.Select(x => (x.Plain.MessagesPerSecond, x.Ductape.MessagesPerSecond))]),
            Row.Of($"{transport}: CPU µs/message", [.. rounds.Select(x => (x.Plain.CpuMicroseconds, x.Ductape.CpuMicroseconds))]),
            Row.Of($"{transport}: allocated B/message", [.. rounds.Select(x => (x.Plain.AllocatedBytes, x.Ductape.AllocatedBytes))]),
        };
        if (latency)
            rows.AddRange(await LatencyAsync(transport, plain, ductape, load));
        return rows;
    }

    private static async Task WarmUpAsync(IContender contender, Load load)
    {
        await EndToEnd.RunAsync(contender, load.WarmUp);
        await Latency.RunAsync(contender, load.LatencySamples / 10);
    }

    private static async Task<IReadOnlyList<Row>> LatencyAsync(string transport, IContender plain, IContender ductape, Load load)
    {
        Progress.Say($"{transport}: latency");
        const int blocks = 10;
        var samples = new List<(double[] Plain, double[] Ductape)>();
        for (var i = 0; i < blocks; i++)
            samples.Add(await InTurnAsync(i, plain, ductape, x => Latency.RunAsync(x, load.LatencySamples / blocks)));

        return [Percentile(0.5), Percentile(0.99)];

        Row Percentile(double fraction)
        {
            var row = Row.Of($"{transport}: latency p{fraction * 100:0} µs",
                [.. samples.Select(x => (Statistics.Percentile(x.Plain, fraction), Statistics.Percentile(x.Ductape, fraction)))]);
            return row;
        }
    }

    public static async Task<(T Plain, T Ductape)> InTurnAsync<T>(
        int round, IContender plain, IContender ductape, Func<IContender, Task<T>> run)
    {
        if (round % 2 == 0)
        {
            var first = await run(plain);
            return (first, await run(ductape));
        }

        var ours = await run(ductape);
        return (await run(plain), ours);
    }
}
