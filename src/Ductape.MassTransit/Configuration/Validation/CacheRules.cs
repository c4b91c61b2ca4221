using Ductape.MassTransit.Configuration.Binding;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>The caches of a product.</summary>
internal static class CacheRules
{
    public static void Check(ProductOptions product, string path, ICollection<string> problems)
    {
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
