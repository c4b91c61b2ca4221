namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// Messages per second on RabbitMQ for pairs of prefetch and concurrency: with callbacks that return at once, and with
/// callbacks that wait a millisecond, as for a database. What the defaults rest on; not part of a run without <c>--only
/// grid</c>.
/// </summary>
internal static class Grid
{
    private const int Rounds = 3;

    private static readonly int[] Prefetches = [16, 64, 256];
    private static readonly int[] Concurrencies = [1, 4, 16, 64];

    public static async Task<Table> RunAsync(PrivateRabbitMq rabbit, bool quick)
    {
        var rows = new List<string[]>();
        foreach (var prefetch in Prefetches)
        {
            foreach (var concurrency in Concurrencies.Where(x => x <= prefetch))
            {
                Progress.Say($"grid: prefetch {prefetch}, concurrency {concurrency}");
                await using var contender = await DuctapeContender.StartRabbitMqAsync(rabbit, false, concurrency, prefetch);
                var atOnce = await MeasureAsync(contender, quick ? 500 : 5_000);
                ((DuctapeContender)contender).Wait = TimeSpan.FromMilliseconds(1);
                var waiting = await MeasureAsync(contender, quick ? 200 : Math.Min(400 * concurrency, 5_000));
                rows.Add([$"{prefetch}, {concurrency}", Row.Number(atOnce.MessagesPerSecond), Row.Number(atOnce.CpuMicroseconds), Row.Number(waiting.MessagesPerSecond)]);
            }
        }

        return new Table(["RabbitMQ: prefetch, concurrency", "messages/s", "CPU µs/message", "messages/s, callbacks of a millisecond"], rows);
    }

    private static async Task<Measurement> MeasureAsync(IContender contender, int messages)
    {
        await EndToEnd.RunAsync(contender, messages);
        var rounds = new List<Measurement>();
        for (var i = 0; i < Rounds; i++)
            rounds.Add(await EndToEnd.RunAsync(contender, messages));
        return new Measurement(
            Statistics.Median(rounds.Select(x => x.MessagesPerSecond)),
            Statistics.Median(rounds.Select(x => x.CpuMicroseconds)),
            Statistics.Median(rounds.Select(x => x.AllocatedBytes)));
    }
}
