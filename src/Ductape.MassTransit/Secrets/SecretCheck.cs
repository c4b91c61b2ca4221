using Microsoft.Extensions.Options;

namespace Ductape.MassTransit;

/// <summary>Looks up every secret that the environment in use refers to, so that a missing one stops the start and not the first publish.</summary>
internal static class SecretCheck
{
    /// <exception cref="OptionsValidationException">One failure for each reference to a secret that nothing has.</exception>
    public static async Task RunAsync(CatalogConfig catalog, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (var (path, text) in References(catalog))
        {
            try
            {
                await catalog.Secrets.ExpandAsync(text, path, cancellationToken).ConfigureAwait(false);
            }
            catch (DuctapeException exception) when (exception.Code == DuctapeErrorCodes.SecretNotFound)
            {
                failures.Add(exception.Message);
            }
        }

        if (failures.Count > 0)
            throw new OptionsValidationException(Options.DefaultName, typeof(DuctapeOptions), failures);
    }

    private static IEnumerable<(string Path, string Text)> References(CatalogConfig catalog)
    {
        if (catalog.DefaultEnv is null)
            yield break;

        foreach (var env in catalog.Products.Values.SelectMany(x => x.Brokers.Values).SelectMany(x => x.Envs.Values))
        {
            if (env.Env != catalog.DefaultEnv || env.Settings is null)
                continue;

            foreach (var reference in SecretSettings.Find(env.Settings, env.ConfigPath))
                yield return reference;
        }

        foreach (var (product, productOptions) in catalog.Options.Products)
        {
            foreach (var (tag, session) in productOptions.Sessions)
            {
                foreach (var reference in SecretSettings.Find(session, $"{catalog.Options.Path}:Products:{product}:Sessions:{tag}"))
                    yield return reference;
            }
        }
    }
}
