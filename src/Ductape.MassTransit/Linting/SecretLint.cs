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
            if (await catalog.Secrets.ProblemAsync(text, path, cancellationToken).ConfigureAwait(false) is not { } problem)
                continue;

            // A laptop rightly lacks the secrets of production.
            findings.Add(LintFinding.Of(problem, env is null || Tags.Same(env, catalog.DefaultEnv) ? LintSeverity.Error : LintSeverity.Warning));
        }

        return findings;
    }
}
