namespace Ductape.MassTransit;

/// <summary>A cache of a product. Source: Ductape's caching documentation.</summary>
public sealed class CacheOptions
{
    /// <summary>How long a value is kept, in milliseconds.</summary>
    public long? Expiry { get; set; }
}
