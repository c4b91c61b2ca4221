namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>A product with the brokers that it uses.</summary>
/// <param name="Tag">Its tag, as the names of its queues have it.</param>
/// <param name="Options">Its section; an empty one where it has none.</param>
/// <param name="Brokers">Its own brokers, and the shared ones that it does not override.</param>
internal sealed record ConfiguredProduct(string Tag, ProductOptions Options, IReadOnlyList<ConfiguredBroker> Brokers);

/// <summary>A broker and where it stands.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Options">Its options.</param>
/// <param name="Path">Its configuration path.</param>
internal sealed record ConfiguredBroker(string Tag, BrokerOptions Options, string Path);

/// <summary>Which products a configuration is about, and which brokers each of them uses.</summary>
internal static class ConfiguredProducts
{
    /// <summary>
    /// The products that have a section and, where brokers are shared, also those that their topics name as subscribers
    /// and the default product.
    /// </summary>
    public static IReadOnlyList<ConfiguredProduct> Of(DuctapeOptions options)
    {
        var shared = Shared(options);
        return [.. TagsOf(options).Select(tag =>
        {
            var product = options.Products.GetValueOrDefault(tag) ?? new ProductOptions();
            return new ConfiguredProduct(tag, product,
                [.. Own(options, tag, product), .. shared.Where(x => !product.Brokers.TryFind(x.Tag, out _))]);
        })];
    }

    /// <summary>Every broker once, where it stands. Code may have set parts to null, which lint looks at too.</summary>
    public static IEnumerable<ConfiguredBroker> Brokers(DuctapeOptions options) =>
        Shared(options).Concat((options.Products ?? []).SelectMany(x => Own(options, x.Key, x.Value)));

    /// <summary>The brokers that products share.</summary>
    public static ConfiguredBroker[] Shared(DuctapeOptions options) =>
        [.. (options.Brokers ?? []).Select(x => new ConfiguredBroker(x.Key, x.Value, $"{options.Path}:{nameof(options.Brokers)}:{x.Key}"))];

    // The spelling of a section or of the publishers' topic wins over that of the default product, which often comes
    // from the environment.
    private static IEnumerable<string> TagsOf(DuctapeOptions options)
    {
        if (options.Brokers.Count == 0)
            return options.Products.Keys;

        var subscribers = options.Brokers.Values.SelectMany(x => x.Topics.Values).SelectMany(x => x.Subscribers);
        return options.Products.Keys.Concat(subscribers).Append(options.Product).OfType<string>()
            .Where(x => !string.IsNullOrWhiteSpace(x)).Distinct(Tags.Comparer);
    }

    private static IEnumerable<ConfiguredBroker> Own(DuctapeOptions options, string tag, ProductOptions? product) =>
        (product?.Brokers ?? []).Select(x => new ConfiguredBroker(x.Key, x.Value, $"{options.Path}:{nameof(options.Products)}:{tag}:{nameof(ProductOptions.Brokers)}:{x.Key}"));
}
