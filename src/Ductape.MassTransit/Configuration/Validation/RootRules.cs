using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Diagnostics;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>The options at the top of the section.</summary>
internal static class RootRules
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static void Check(DuctapeOptions options, ICollection<ConfigurationProblem> problems)
    {
        CheckTimeout(options.PublishTimeout, $"{options.Path}:{nameof(options.PublishTimeout)}", problems);
        CheckTimeout(options.SubscribeTimeout, $"{options.Path}:{nameof(options.SubscribeTimeout)}", problems);
        if (options.MaxWaitingPublishes < 1)
            problems.Add(new($"{options.Path}:{nameof(options.MaxWaitingPublishes)}", $"{options.MaxWaitingPublishes} is out of range", "it must be at least 1"));

        WindowRules.Check(options.IdempotencyWindow, $"{options.Path}:{nameof(options.IdempotencyWindow)}", problems);

        TagRules.CheckDistinct(options.Products.Keys, $"{options.Path}:{nameof(options.Products)}", problems);
        TagRules.CheckDistinct(options.Secrets.Keys, $"{options.Path}:{nameof(options.Secrets)}", problems);
        if (options.Products.Count == 0 && options.Brokers.Count == 0)
        {
            problems.Add(new($"{options.Path}:{nameof(options.Products)}", "it is empty",
                "describe at least one product with its brokers and topics, or load Ductape's own declaration file with AddDuctapeEventsFile(path)"));
            return;
        }

        // With shared brokers a product needs no section.
        if (!string.IsNullOrWhiteSpace(options.Product) && options.Brokers.Count == 0 && !options.Products.TryFind(options.Product, out _))
        {
            problems.Add(new($"{options.Path}:{nameof(options.Product)}", $"no product {ConfigurationProblem.Quoted(options.Product)} is configured",
                NearMiss.SuggestOrList(options.Product, options.Products.Keys)));
        }

        var envs = ConfiguredProducts.Brokers(options).SelectMany(x => x.Options.Envs.Keys).Distinct(Tags.Comparer).ToArray();
        if (!string.IsNullOrWhiteSpace(options.Env) && envs.Length > 0 && !envs.Contains(options.Env, Tags.Comparer))
            problems.Add(new($"{options.Path}:Env", $"no broker has the environment {ConfigurationProblem.Quoted(options.Env)}", NearMiss.SuggestOrList(options.Env, envs)));
    }

    private static void CheckTimeout(TimeSpan value, string path, ICollection<ConfigurationProblem> problems)
    {
        if (value <= TimeSpan.Zero || value > Longest)
            problems.Add(new(path, $"'{value}' is out of range", "it must be more than zero and at most one day"));
    }
}
