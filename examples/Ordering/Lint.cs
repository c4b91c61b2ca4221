using Ductape.MassTransit;

namespace Ordering;

/// <summary>Prints what is wrong with the configuration of any environment.</summary>
internal static class Lint
{
    /// <returns>The exit code: 1 where something does not work.</returns>
    public static async Task<int> RunAsync(IServiceCollection services)
    {
        await using var provider = services.BuildServiceProvider();
        var findings = await CatalogLint.RunAsync(provider);
        foreach (var finding in findings)
            Console.WriteLine(finding);
        Console.WriteLine($"{findings.Count(x => x.Severity == LintSeverity.Error)} error(s), {findings.Count(x => x.Severity == LintSeverity.Warning)} warning(s)");
        return findings.Any(x => x.Severity == LintSeverity.Error) ? 1 : 0;
    }
}
