using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Secrets;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>
/// Looks up every secret that the environment in use refers to, so that a missing one stops the start and not the first
/// publish.
/// </summary>
internal static class SecretCheck
{
    /// <param name="catalog">The configuration.</param>
    /// <param name="onTestHarness">Whether no broker is connected to, whose secrets nobody needs then.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidConfigurationException">One problem for each reference to a secret that nothing
    /// has.</exception>
    public static async Task RunAsync(CatalogConfig catalog, bool onTestHarness, CancellationToken cancellationToken)
    {
        if (catalog.DefaultEnv is null)
            return;

        var problems = new List<ConfigurationProblem>();
        foreach (var (env, path, text) in References(catalog))
        {
            if (env is not null && (onTestHarness || !Tags.Same(env, catalog.DefaultEnv)))
                continue;

            if (await catalog.Secrets.ProblemAsync(text, path, cancellationToken).ConfigureAwait(false) is { } problem)
                problems.Add(problem);
        }

        if (problems.Count == 0 && !onTestHarness)
            await CheckConnectionStringsAsync(catalog, problems, cancellationToken).ConfigureAwait(false);
        if (problems.Count > 0)
            throw new InvalidConfigurationException(problems);
    }

    // A text that is there may still not be what the transport takes.
    private static async Task CheckConnectionStringsAsync(CatalogConfig catalog, List<ConfigurationProblem> problems, CancellationToken cancellationToken)
    {
        foreach (var env in Envs(catalog).Where(x => Tags.Same(x.Env, catalog.DefaultEnv) && ConnectionStringReference.IsIn(x.Settings!)))
        {
            var expanded = await SecretSettings.ExpandAsync(env.Settings!, env.ConfigPath, catalog.Secrets, cancellationToken).ConfigureAwait(false);
            problems.AddRange(env.Transport!.Validate(expanded)
                .Select(x => catalog.Secrets.Mask.Hide(ConnectionStringReference.Place(x, env.Settings!)).Below(env.ConfigPath)));
        }
    }

    // A shared broker once.
    private static IEnumerable<BrokerEnvConfig> Envs(CatalogConfig catalog) => catalog.Products.Values.SelectMany(x => x.Brokers.Values)
        .DistinctBy(x => x.Path).SelectMany(x => x.Envs.Values).Where(x => x.Settings is not null);

    /// <summary>
    /// Every reference to a secret, with the environment that uses it; null for what all of them use.
    /// </summary>
    public static IEnumerable<(string? Env, string Path, string Text)> References(CatalogConfig catalog)
    {
        foreach (var env in Envs(catalog))
        {
            foreach (var (path, text) in SecretSettings.Find(env.Settings!, env.ConfigPath))
                yield return (env.Env, path, text);
        }

        foreach (var (product, productOptions) in catalog.Options.Products)
        {
            foreach (var (tag, session) in productOptions.Sessions)
            {
                foreach (var (path, text) in SecretSettings.Find(session, $"{catalog.Options.Path}:Products:{product}:Sessions:{tag}"))
                    yield return (null, path, text);
            }
        }
    }
}
