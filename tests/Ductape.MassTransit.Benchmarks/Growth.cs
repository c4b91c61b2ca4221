namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// How the cost on RabbitMQ grows with the payload and with the number of concurrent callbacks, for both sides.
/// </summary>
internal static class Growth
{
    private const int Rounds = 3;

    private static readonly (string Name, int Bytes, int Messages)[] Payloads =
        [("100 B", 100, 3_000), ("1 KB", 1_000, 3_000), ("10 KB", 10_000, 1_500), ("100 KB", 100_000, 200), ("1 MB", 1_000_000, 40)];

    private static readonly int[] Callbacks = [1, 4, 16, 64];

    public static async Task<Table> OfPayloadsAsync(PrivateRabbitMq rabbit, bool quick)
    {
        await using var plain = await PlainMassTransit.StartRabbitMqAsync(rabbit, false);
        await using var ductape = await DuctapeContender.StartRabbitMqAsync(rabbit, false);
        var rows = new List<string[]>();
        foreach (var (name, bytes, messages) in Payloads)
        {
            Progress.Say($"growth: payload of {name}");
            rows.Add(await CompareAsync(name, plain, ductape, quick ? Math.Max(messages / 10, 5) : messages, Order.PaddingFor(bytes)));
        }

        return TableOf("RabbitMQ, payload", rows);
    }

    public static async Task<Table> OfCallbacksAsync(PrivateRabbitMq rabbit, bool quick)
    {
        var rows = new List<string[]>();
        foreach (var callbacks in Callbacks)
        {
            Progress.Say($"growth: {callbacks} concurrent callbacks");
            await using var plain = await PlainMassTransit.StartRabbitMqAsync(rabbit, false, callbacks);
            await using var ductape = await DuctapeContender.StartRabbitMqAsync(rabbit, false, callbacks);
            rows.Add(await CompareAsync(callbacks.ToString(), plain, ductape, quick ? 500 : 4_000, null));
        }

        return TableOf("RabbitMQ, callbacks at once", rows);
    }

    private static async Task<string[]> CompareAsync(string name, IContender plain, IContender ductape, int messages, string? padding)
    {
        await EndToEnd.RunAsync(plain, messages, padding);
        await EndToEnd.RunAsync(ductape, messages, padding);
        var rounds = new List<(Measurement Plain, Measurement Ductape)>();
        for (var i = 0; i < Rounds; i++)
            rounds.Add(await Comparison.InTurnAsync(i, plain, ductape, x => EndToEnd.RunAsync(x, messages, padding)));

        return
        [
            name,
            .. Cells(rounds, x => x.MessagesPerSecond),
            .. Cells(rounds, x => x.CpuMicroseconds),
            .. Cells(rounds, x => x.AllocatedBytes),
        ];
    }

    private static string[] Cells(List<(Measurement Plain, Measurement Ductape)> rounds, Func<Measurement, double> value)
    {
        var row = Row.Of("", [.. rounds.Select(x => (value(x.Plain), value(x.Ductape)))]);
        return [row.Plain, row.Ductape, row.Ratio];
    }

    private static Table TableOf(string title, List<string[]> rows) => new(
        [title, "plain: messages/s", "Ductape", "ratio", "plain: CPU µs", "Ductape", "ratio", "plain: allocated B", "Ductape", "ratio"], rows);
}
