namespace Ductape.MassTransit.Benchmarks;

/// <summary>
/// A row of the table. Each pair is one round: plain MassTransit and Ductape, one right after the other.
/// </summary>
internal sealed record Row(string Name, string Plain, string Ductape, string Ratio = "", string Spread = "")
{
    /// <summary>
    /// Medians of both sides, and the median and range of the rounds' ratios: the machine's other work changes slowly
    /// and so hits both sides of a round alike.
    /// </summary>
    public static Row Of(string name, IReadOnlyList<(double Plain, double Ductape)> rounds)
    {
        var ratios = rounds.Select(x => x.Ductape / x.Plain).ToArray();
        return new Row(
            name,
            Number(Statistics.Median(rounds.Select(x => x.Plain))),
            Number(Statistics.Median(rounds.Select(x => x.Ductape))),
            Statistics.Median(ratios).ToString("0.00"),
            $"{ratios.Min():0.00} – {ratios.Max():0.00}");
    }

    public static Row Single(string name, string value) => new(name, "", value);

    public static string Number(double value) => value.ToString(value < 100 ? "0.0" : "#,0");
}
