namespace Ductape.MassTransit;

/// <summary>
/// A product: who publishes and receives. Its key in <see cref="DuctapeOptions.Products"/> is its tag.
/// </summary>
public sealed class ProductOptions
{
    /// <summary>A name for people. Default: none.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The product's own brokers, by tag. Each overrides the shared one of that tag
    /// (<see cref="DuctapeOptions.Brokers"/>) as a whole.
    /// </summary>
    public Dictionary<string, BrokerOptions> Brokers { get; set; } = [];

    /// <summary>The session types, by tag.</summary>
    public Dictionary<string, SessionTypeOptions> Sessions { get; set; } = [];

    /// <summary>The caches, by tag.</summary>
    public Dictionary<string, CacheOptions> Caches { get; set; } = [];
}
