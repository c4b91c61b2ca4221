namespace Ductape.MassTransit;

/// <summary>A cache of a product. Source: Ductape's caching documentation.</summary>
public sealed class CacheOptions
{
    internal static readonly TimeSpan DefaultExpiry = TimeSpan.FromMinutes(1);

    /// <summary>A name for people. Default: none.</summary>
    public string? Name { get; set; }

    /// <summary>What the cache is for. Default: none.</summary>
    public string? Description { get; set; }

    /// <summary>
    /// How long a value is kept, at most 365 days. In a configuration a time span, as <c>00:01:00</c>, or Ductape's
    /// whole number of milliseconds, as <c>60000</c>. <value>Default: one minute.</value>
    /// </summary>
    [WholeNumberOf("milliseconds")]
    public TimeSpan? Expiry { get; set; }
}
