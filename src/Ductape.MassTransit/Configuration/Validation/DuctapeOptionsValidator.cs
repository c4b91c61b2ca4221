using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>Validates everything that is configured, without stopping at the first problem.</summary>
/// <param name="transports">The transports that are registered.</param>
/// <param name="schemas">Reads the schemas of topics.</param>
internal sealed class DuctapeOptionsValidator(TransportSet transports, TopicSchemas schemas)
{
    public IReadOnlyList<ConfigurationProblem> Validate(DuctapeOptions options)
    {
        var nulls = new List<ConfigurationProblem>();
        NullRules.Check(options, options.Path, nulls);
        if (nulls.Count > 0)
            return [.. options.BindingProblems, .. nulls];

        var problems = new List<ConfigurationProblem>(options.BindingProblems);
        RootRules.Check(options, problems);
        SecretPlaceRules.Check(options, problems);
        SharedBrokerRules.Check(options, problems);
        foreach (var broker in ConfiguredProducts.Brokers(options))
        {
            BrokerRules.Check(broker.Tag, broker.Options, broker.Path, options.Env, transports, problems);
            foreach (var (topicTag, topic) in broker.Options.Topics)
                schemas.Check(topic, $"{broker.Path}:Topics:{topicTag}", problems);
        }

        foreach (var (tag, product) in options.Products)
        {
            var path = $"{options.Path}:Products:{tag}";
            TagRules.Check(tag, path, "product", problems);
            TagRules.CheckDistinct(product.Brokers.Keys, $"{path}:Brokers", problems);
            TagRules.CheckDistinct(product.Sessions.Keys, $"{path}:Sessions", problems);
            TagRules.CheckDistinct(product.Caches.Keys, $"{path}:Caches", problems);
            SessionRules.Check(product, path, options.BindingProblems, problems);
            CacheRules.Check(product, path, problems);
        }

        // Names are made of tags and settings; with a broken one the message would only repeat what was said.
        if (problems.Count == 0)
            NameRules.Check(CatalogBuilder.Build(options, transports), problems);

        return problems;
    }
}
