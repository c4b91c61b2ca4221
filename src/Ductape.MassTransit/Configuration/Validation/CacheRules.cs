using Ductape.MassTransit.Configuration.Binding;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>The caches of a product.</summary>
internal static class CacheRules
{
    public static void Check(ProductOptions product, string path, ICollection<ConfigurationProblem> problems)
    {
        foreach (var (tag, cache) in product.Caches)
        {
            TagRules.Check(tag, $"{path}:Caches:{tag}", "cache", problems);
            if (cache.Expiry is { } expiry && (expiry <= TimeSpan.Zero || expiry > WindowRules.Longest))
            {
                problems.Add(new($"{path}:Caches:{tag}:Expiry", $"'{expiry}' is out of range",
                    $"it must be more than zero and at most {WindowRules.Longest.Days} days"));
            }
        }
    }
}
