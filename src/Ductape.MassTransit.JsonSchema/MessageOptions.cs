using Json.Schema;

namespace Ductape.MassTransit;

/// <summary>How one message is checked, with what it has left. JsonSchema.Net hands it to every keyword.</summary>
internal sealed class MessageOptions : EvaluationOptions
{
    public required PatternBudget Budget { get; init; }
}
