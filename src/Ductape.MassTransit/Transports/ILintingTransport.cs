using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// A transport that knows what would go wrong with a topic although it is configured rightly. For one without this
/// <see cref="CatalogLint"/> has the findings that all transports share.
/// </summary>
[Experimental("DUCTAPE001")]
public interface ILintingTransport
{
    /// <summary>What <see cref="CatalogLint"/> should know of a topic on this transport.</summary>
    IEnumerable<LintFinding> Lint(TopicPlan topic);
}
