namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// Several contenders on RabbitMQ, in turn, the one that begins changing from round to round. The first is what the
/// others are compared with.
/// </summary>
internal static class Contest
{
    public static async Task<Table> RunAsync(IReadOnlyList<IContender> contenders, Load load)
    {
        foreach (var contender in contenders)
        {
            Progress.Say($"contest: warm-up of {contender.Name}");
            await EndToEnd.RunAsync(contender, load.WarmUp);
        }

        var rounds = new List<Measurement[]>();
        for (var i = 0; i < load.Rounds; i++)
        {
            var round = new Measurement[contenders.Count];
            for (var j = 0; j < contenders.Count; j++)
            {
                var turn = (i + j) % contenders.Count;
                round[turn] = await EndToEnd.RunAsync(contenders[turn], load.Messages);
            }

            rounds.Add(round);
            Progress.Say($"contest: round {i + 1} of {load.Rounds}: "
                + string.Join(", ", contenders.Select((x, j) => $"{x.Name} {round[j].MessagesPerSecond:#,0}/s")));
        }

        return new Table(
            ["RabbitMQ", "messages/s", "ratio", "CPU µs/message", "ratio", "allocated B/message", "ratio"],
            [.. contenders.Select((x, j) => (string[])
            [
                x.Name,
                .. Cells(rounds, j, m => m.MessagesPerSecond),
                .. Cells(rounds, j, m => m.CpuMicroseconds),
                .. Cells(rounds, j, m => m.AllocatedBytes),
            ])]);
    }

    private static string[] Cells(List<Measurement[]> rounds, int contender, Func<Measurement, double> value) =>
    [
        Row.Number(Statistics.Median(rounds.Select(x => value(x[contender])))),
        Statistics.Median(rounds.Select(x => value(x[contender]) / value(x[0]))).ToString("0.00"),
    ];
}
