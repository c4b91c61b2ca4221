namespace Ductape.MassTransit.Diagnostics;

/// <summary>"Did you mean": the candidate that differs least from what was written.</summary>
internal static class NearMiss
{
    /// <summary>A sentence to append to an error message, or an empty string when nothing is close.</summary>
    public static string Hint(string written, IEnumerable<string> candidates) =>
        Suggest(written, candidates) is { Length: > 0 } text ? $" {text}" : "";

    /// <summary>As <see cref="SuggestOrList"/>, to append to an error message.</summary>
    public static string HintOrList(string written, IReadOnlyCollection<string> candidates, string label = "Configured") =>
        SuggestOrList(written, candidates, label) is { Length: > 0 } text ? $" {text}" : "";

    /// <summary>A sentence, or an empty string when nothing is close.</summary>
    public static string Suggest(string written, IEnumerable<string> candidates) => Find(written, candidates) is { } match ? $"Did you mean '{match}'?" : "";

    /// <summary>
    /// A sentence that lists what there is, after the near miss where there is one; empty where there is nothing.
    /// </summary>
    public static string SuggestOrList(string written, IReadOnlyCollection<string> candidates, string label = "Configured")
    {
        var hint = Suggest(written, candidates);
        if (candidates.Count == 0)
            return hint;

        var shown = candidates.Order(StringComparer.Ordinal).Take(10).ToArray();
        var more = candidates.Count - shown.Length;
        return $"{(hint.Length == 0 ? "" : $"{hint} ")}{label}: {string.Join(", ", shown.Select(x => $"'{x}'"))}{(more > 0 ? $" and {more} more" : "")}.";
    }

    private static string? Find(string written, IEnumerable<string> candidates)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(written.ToUpperInvariant(), candidate.ToUpperInvariant());
            // Two that have no character in common are not near, however short they are.
            if (distance < bestDistance && distance < Math.Min(written.Length, candidate.Length))
                (best, bestDistance) = (candidate, distance);
        }

        return bestDistance <= Math.Max(1, written.Length / 3) ? best : null;
    }

    // Levenshtein with adjacent swaps, the commonest slip of the hand.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
