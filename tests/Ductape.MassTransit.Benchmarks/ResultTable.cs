using System.Runtime.InteropServices;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>What was measured where, and the tables.</summary>
internal static class ResultTable
{
    public static void Print(IReadOnlyList<Row> rows, IReadOnlyList<Table> others)
    {
        var version = typeof(IBus).Assembly.GetName().Version!.ToString(3);
        Console.WriteLine($"MassTransit {version}, {RuntimeInformation.FrameworkDescription}, {System.Environment.ProcessorCount} cores, "
            + $"{DateTimeOffset.UtcNow:yyyy-MM-dd}; prefetch {Load.Prefetch}, concurrency {Load.Concurrency}, {Load.Publishers} publishers");
        Console.WriteLine();
        if (rows.Count > 0)
        {
            new Table(
                ["", "plain MassTransit", "Ductape", "ratio", "range of rounds"],
                [.. rows.Select(x => (string[])[x.Name, x.Plain, x.Ductape, x.Ratio, x.Spread])]).Print();
        }

        foreach (var table in others)
            table.Print();
    }
}
