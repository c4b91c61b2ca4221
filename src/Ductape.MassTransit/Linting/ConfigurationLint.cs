using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Linting;

/// <summary>
/// What start-up lets pass: products that may be misspelt, and types of environments that are not in use.
/// </summary>
internal static class ConfigurationLint
{
    /// <summary>
    /// With shared brokers any product will do, also one that is a slip of the pen and gets queues of its own.
    /// </summary>
    public static IEnumerable<LintFinding> Product(DuctapeOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Product))
            yield break;

        var others = ConfiguredProducts.Of(options).Select(x => x.Tag).Where(x => x != options.Product).ToArray();
        if (!others.Contains(options.Product, Tags.Comparer) && !options.Products.ContainsKey(options.Product)
            && NearMiss.Hint(options.Product, others) is { Length: > 0 } hint)
        {
            yield return new LintFinding(LintSeverity.Warning, $"{options.Path}:{nameof(options.Product)}",
                $"'{options.Product}' has no section and subscribes to no shared topic, so that its queues are its own.{hint}",
                "Correct it, or give the product a section, which may be empty.");
        }
    }

    /// <summary>What start-up says of the environment in use only, for all of them.</summary>
    public static IEnumerable<LintFinding> Transports(DuctapeOptions options, TransportSet transports)
    {
        foreach (var (_, broker, path) in ConfiguredProducts.Brokers(options))
        {
            foreach (var (env, envOptions) in broker?.Envs ?? [])
            {
                if (string.IsNullOrWhiteSpace(envOptions?.Type) || transports.Problem(envOptions.Type, $"{path}:Envs:{env}:Type") is not { } problem)
                    continue;

                // The application that runs there may be built otherwise.
                var isKnownHere = transports.Find(envOptions.Type) is not null;
                yield return LintFinding.Of(problem, isKnownHere ? LintSeverity.Warning : LintSeverity.Error);
            }
        }
    }
}
