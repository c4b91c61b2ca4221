using Ductape.MassTransit.Diagnostics;

namespace Ductape.MassTransit;

/// <summary>Something that <see cref="CatalogLint"/> found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Path">Where it is in the configuration.</param>
/// <param name="Message">What it is. Never contains a secret.</param>
/// <param name="Remedy">What to do; empty where the message says it.</param>
public sealed record LintFinding(LintSeverity Severity, string Path, string Message, string Remedy)
{
    internal static LintFinding Of(ConfigurationProblem problem, LintSeverity severity) => new(severity, problem.Path, problem.Message, problem.Advice);

    /// <summary><c>error path: message remedy</c>, in one line.</summary>
    public override string ToString() => ShownText.InOneLine(
        $"{Severity.ToString().ToLowerInvariant()} {Path}: {Message}{(Remedy.Length == 0 ? "" : $" {Remedy}")}");
}

/// <summary>How bad a finding is.</summary>
public enum LintSeverity
{
    /// <summary>Good to know; nothing to do.</summary>
    Info,

    /// <summary>Works, but maybe not as it was meant.</summary>
    Warning,

    /// <summary>Does not work in that environment.</summary>
    Error,
}
