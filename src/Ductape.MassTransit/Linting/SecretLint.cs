using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Configuration.Validation;

namespace Ductape.MassTransit.Linting;

/// <summary>Secrets that nothing here has.</summary>
internal static class SecretLint
{
    public static async Task<IReadOnlyList<LintFinding>> CheckAsync(CatalogConfig catalog, CancellationToken cancellationToken)
    {
        var findings = new List<LintFinding>();
        foreach (var (env, path, text) in SecretCheck.References(catalog))
        {
            try
            {
                await catalog.Secrets.ExpandAsync(text, path, cancellationToken).ConfigureAwait(false);
            }
            catch (DuctapeException exception) when (exception.Code == DuctapeErrorCodes.SecretNotFound)
            {
                // A laptop rightly lacks the secrets of production.
                var severity = env is null || Tags.Same(env, catalog.DefaultEnv) ? LintSeverity.Error : LintSeverity.Warning;
                // It says the path too, and the remedy behind a colon.
                var message = exception.Message.Replace($"{path} ", "it ", StringComparison.Ordinal);
                var remedy = message.IndexOf(": set ", StringComparison.Ordinal);
                findings.Add(new LintFinding(severity, path, message[..remedy] + ".", $"S{message[(remedy + 3)..]}"));
            }
        }

        return findings;
    }
}
