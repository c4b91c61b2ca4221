using Ductape.MassTransit.Configuration.Binding;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>What holds for brokers that products share and not for a product's own.</summary>
internal static class SharedBrokerRules
{
    public static void Check(DuctapeOptions options, ICollection<ConfigurationProblem> problems)
    {
        if (options.Brokers.Count == 0)
            return;

        TagRules.CheckDistinct(options.Brokers.Keys, $"{options.Path}:{nameof(options.Brokers)}", problems);
        if (ConfiguredProducts.Of(options).Count == 0)
        {
            problems.Add(new($"{options.Path}:{nameof(options.Product)}",
                $"no product uses the brokers of {options.Path}:{nameof(options.Brokers)}", "name this service's product here, or describe one under Products"));
        }
        else if (!string.IsNullOrWhiteSpace(options.Product) && !options.Products.TryFind(options.Product, out _))
        {
            TagRules.Check(options.Product, $"{options.Path}:{nameof(options.Product)}", "product", problems);
        }

        // Which product asks for which session is its own choice, but a type that nobody has is a slip of the pen.
        var sessions = options.Products.Values.SelectMany(x => x.Sessions).ToArray();
        foreach (var broker in ConfiguredProducts.Shared(options))
        {
            foreach (var (tag, topic) in broker.Options.Topics)
                TopicSessionRules.Check(topic, $"{broker.Path}:Topics:{tag}", sessions, "no product has", problems);
        }
    }
}
