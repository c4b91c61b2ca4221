namespace Ductape.MassTransit;

/// <summary>The session types and caches of a product.</summary>
internal static class SessionAndCacheRules
{
    private static readonly string[] Periods = ["seconds", "minutes", "hours", "days"];

    public static void Check(ProductOptions product, string path, ICollection<string> problems)
    {
        foreach (var (tag, session) in product.Sessions)
        {
            TagRules.Check(tag, $"{path}:Sessions:{tag}", "session", problems);
            if (session.Expiry is <= 0)
                problems.Add($"{path}:Sessions:{tag}:Expiry: {session.Expiry} is out of range; it must be at least 1.");
            if (session.Period is not null && !Periods.Contains(session.Period, StringComparer.OrdinalIgnoreCase))
                problems.Add($"{path}:Sessions:{tag}:Period: '{session.Period}' is not known; one of {string.Join(", ", Periods)}.");
        }

        foreach (var (tag, cache) in product.Caches)
        {
            TagRules.Check(tag, $"{path}:Caches:{tag}", "cache", problems);
            if (cache.Expiry is <= 0)
                problems.Add($"{path}:Caches:{tag}:Expiry: {cache.Expiry} is out of range; it is in milliseconds and must be at least 1.");
            if (cache.Expiry > (long)WindowRules.Longest.TotalMilliseconds)
                problems.Add($"{path}:Caches:{tag}:Expiry: {cache.Expiry} is out of range; it is in milliseconds and may be at most 365 days.");
        }
    }
}
