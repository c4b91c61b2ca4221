using System.Text.Json;
using Json.Schema;

namespace Ductape.MassTransit;

/// <summary>A schema that was read once and checks any number of messages at the same time.</summary>
/// <param name="schema">The schema.</param>
/// <param name="patterns">Its patterns.</param>
/// <param name="looksAtEvaluated">Whether it has a keyword whose result depends on which parts of a message others have
/// looked at.</param>
internal sealed class MessageSchema(JsonSchema schema, IEnumerable<SchemaPattern> patterns, bool looksAtEvaluated) : IMessageSchema
{
    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    public string Source => "schema";

    public IReadOnlyList<SchemaWarning> Warnings { get; } =
    [
        .. patterns.Where(x => x.Backtracks).Select(x => new SchemaWarning(
            $"the pattern '{x.Text}' at {x.Place} cannot be matched without going back: some texts make it take very long, and all patterns of a message have "
            + $"{PatternBudget.Limit.TotalMilliseconds} ms together.",
            "Write it without look-arounds, back references and atomic groups, and without repetitions by the thousand.")),
    ];

    public string? Differences(ReadOnlyMemory<byte> payload)
    {
        var differences = new DifferenceList();
        using var document = Parse(payload, differences);
        var budget = new PatternBudget();
        try
        {
            // Most messages fit, and whether they do is known sooner than what differs. A keyword that depends on
            // others needs all they have found.
            if (!looksAtEvaluated && Evaluate(OutputFormat.Flag).IsValid)
                return differences.ToText();

            var results = Evaluate(OutputFormat.Hierarchical);
            SchemaDifferences.Collect(results, differences);
            return differences.ToText() ?? (results.IsValid ? null : "(root) does not fit");
        }
        catch (InvalidOperationException)
        {
            // The one thing in valid JSON that .NET cannot read.
            throw new MessageNotCheckedException("the name of a property in it has half of a surrogate pair", "Write names as valid Unicode.");
        }

        EvaluationResults Evaluate(OutputFormat format) =>
            schema.Evaluate(document.RootElement, new MessageOptions { Budget = budget, OutputFormat = format });
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> payload, DifferenceList differences)
    {
        try
        {
            return JsonDocument.Parse(payload, NoDuplicates);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It is valid JSON, so that a property is there twice, or a name has half of a surrogate pair.
            DuplicateProperties.Find(payload.Span, differences);
            return JsonDocument.Parse(payload);
        }
    }
}
