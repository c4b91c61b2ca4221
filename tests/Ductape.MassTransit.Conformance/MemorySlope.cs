namespace Ductape.MassTransit.Conformance;

/// <summary>
/// How much live memory grows from round to round: the median of the slopes between every two rounds, or how much the
/// lowest round of the second half is above the lowest of the first, for each round between them, whichever is less. A
/// single jump, such as a table that doubles, does not count, and nor does what some rounds still hold when they are
/// measured; a leak is in every round.
/// </summary>
public static class MemorySlope
{
    public static double Of(IReadOnlyList<long> rounds)
    {
        var slopes = (from i in Enumerable.Range(0, rounds.Count)
                      from j in Enumerable.Range(i + 1, rounds.Count - i - 1)
                      let slope = (rounds[j] - rounds[i]) / (double)(j - i)
                      orderby slope
                      select slope).ToArray();
        var median = slopes.Length % 2 == 1 ? slopes[slopes.Length / 2] : (slopes[(slopes.Length / 2) - 1] + slopes[slopes.Length / 2]) / 2;
        var half = (rounds.Count + 1) / 2;
        return Math.Min(median, (rounds.Skip(half).Min() - rounds.Take(half).Min()) / (double)half);
    }

    /// <summary>Fails when the rounds grow by more than <paramref name="most"/> each.</summary>
    public static void AssertFlat(IReadOnlyList<long> rounds, long most, string what = "bytes")
    {
        Assert.True(rounds.Count >= 5, $"{rounds.Count} rounds tell no slope.");
        var slope = Of(rounds);
        Assert.True(slope <= most, $"Each round left {slope:N0} {what} behind, and {most:N0} are allowed: {string.Join(", ", rounds.Select(x => $"{x:N0}"))}.");
    }
}
