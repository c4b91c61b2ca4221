namespace Ductape.MassTransit.Conformance;

/// <summary>
/// How much live memory grows from round to round: the median of the slopes between every two rounds. A single jump, such as a table that doubles, does
/// not count; a leak is in every round.
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
        return slopes.Length % 2 == 1 ? slopes[slopes.Length / 2] : (slopes[(slopes.Length / 2) - 1] + slopes[slopes.Length / 2]) / 2;
    }

    /// <summary>Fails when the rounds grow by more than <paramref name="most"/> each.</summary>
    public static void AssertFlat(IReadOnlyList<long> rounds, long most, string what = "bytes")
    {
        Assert.True(rounds.Count >= 5, $"{rounds.Count} rounds tell no slope.");
        var slope = Of(rounds);
        Assert.True(slope <= most, $"Each round left {slope:N0} {what} behind, and {most:N0} are allowed: {string.Join(", ", rounds.Select(x => $"{x:N0}"))}.");
    }
}
