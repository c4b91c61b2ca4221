namespace Ductape.MassTransit;

/// <summary>A cache of a product. Source: Ductape's caching documentation.</summary>
public sealed class CacheOptions
{
    internal const long DefaultExpiry = 60_000;

    /// <summary>A name for people. Default: none.</summary>
    public string? Name { get; set; }

    /// <summary>What the cache is for. Default: none.</summary>
    public string? Description { get; set; }

    /// <summary>
    /// How long a value is kept, in milliseconds, at most 365 days. <value>Default: 60000, one minute.</value>
    /// </summary>
    public long? Expiry { get; set; }
}
