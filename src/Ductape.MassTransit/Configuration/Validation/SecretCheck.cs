using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.Transports;

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
            await CheckSettingsAsync(catalog, problems, cancellationToken).ConfigureAwait(false);
        if (problems.Count > 0)
            throw new InvalidConfigurationException(problems);
    }

    // A text that is there may still not be what the transport takes.
    private static async Task CheckSettingsAsync(CatalogConfig catalog, List<ConfigurationProblem> problems, CancellationToken cancellationToken)
    {
        foreach (var env in Envs(catalog).Where(x => Tags.Same(x.Env, catalog.DefaultEnv)))
        {
            var expanded = await SecretSettings.ExpandAsync(env.Settings!, env.ConfigPath, catalog.Secrets, cancellationToken).ConfigureAwait(false);
            // The same object where it has no references.
            if (expanded != env.Settings)
                problems.AddRange(Problems(env.Transport!, env.Settings!, expanded, env.ConfigPath, catalog.Secrets));
        }
    }

    /// <summary>What a transport says of settings whose secrets were looked up, without these.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="configured">The settings as they are configured.</param>
    /// <param name="expanded">The settings with their secrets.</param>
    /// <param name="path">The path of the settings.</param>
    /// <param name="secrets">Where the secrets were looked up.</param>
    public static IEnumerable<ConfigurationProblem> Problems(
        IBrokerTransport transport, TransportSettings configured, TransportSettings expanded, string path, SecretReferences secrets) =>
        SettingsRules.Validate(transport, expanded, path).Select(x => secrets.Mask.Hide(ConnectionStringReference.Place(x, configured, path)));

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
