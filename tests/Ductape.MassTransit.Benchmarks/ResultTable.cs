using System.Runtime.InteropServices;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>The table, in Markdown.</summary>
internal static class ResultTable
{
    private static readonly Row Header = new("", "plain MassTransit", "Ductape", "ratio", "range of rounds");

    public static void Print(IReadOnlyList<Row> rows)
    {
        var version = typeof(IBus).Assembly.GetName().Version!.ToString(3);
        Console.WriteLine($"MassTransit {version}, {RuntimeInformation.FrameworkDescription}, {System.Environment.ProcessorCount} cores, "
            + $"{DateTimeOffset.UtcNow:yyyy-MM-dd}; prefetch {Load.Prefetch}, concurrency {Load.Concurrency}, {Load.Publishers} publishers");
        Console.WriteLine();

        var all = rows.Prepend(Header).ToArray();
        var name = all.Max(x => x.Name.Length);
        var plain = all.Max(x => x.Plain.Length);
        var ductape = all.Max(x => x.Ductape.Length);
        var spread = all.Max(x => x.Spread.Length);
        for (var i = 0; i < all.Length; i++)
        {
            var row = all[i];
            Console.WriteLine($"| {row.Name.PadRight(name)} | {row.Plain.PadLeft(plain)} | {row.Ductape.PadLeft(ductape)} "
                + $"| {row.Ratio.PadLeft(5)} | {row.Spread.PadLeft(spread)} |");
            if (i == 0)
            {
                Console.WriteLine($"| {new string('-', name)} | {new string('-', plain - 1)}: | {new string('-', ductape - 1)}: "
                    + $"| {new string('-', 4)}: | {new string('-', spread - 1)}: |");
            }
        }
    }
}
