namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// A table in Markdown, as wide as it has to be: the first column to the left, the others to the right.
/// </summary>
internal sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<string[]> Rows)
{
    public void Print()
    {
        var widths = Header.Select((title, i) => Math.Max(title.Length, Rows.Max(x => x[i].Length))).ToArray();
        PrintLine(Header, widths);
        Console.WriteLine($"| {new string('-', widths[0])} | {string.Join(" | ", widths.Skip(1).Select(x => new string('-', x - 1) + ":"))} |");
        foreach (var row in Rows)
            PrintLine(row, widths);
        Console.WriteLine();
    }

    private static void PrintLine(IReadOnlyList<string> cells, int[] widths) => Console.WriteLine(
        $"| {cells[0].PadRight(widths[0])} | {string.Join(" | ", cells.Skip(1).Select((x, i) => x.PadLeft(widths[i + 1])))} |");
}
