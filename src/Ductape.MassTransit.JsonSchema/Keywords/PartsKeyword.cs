using System.Text.Json;
using Json.Schema;

namespace Ductape.MassTransit;

/// <summary>A keyword that applies schemas to parts of a value.</summary>
internal abstract class PartsKeyword(string name) : IKeywordHandler
{
    /// <summary>What other keywords read of one that has looked at everything.</summary>
    protected static readonly JsonElement Everything = JsonElement.Parse("true");

    public string Name => name;

    object? IKeywordHandler.ValidateKeywordValue(JsonElement value) => null;

    public virtual void BuildSubschemas(KeywordData keyword, BuildContext context) =>
        keyword.Subschemas = [JsonSchema.BuildNode(context with { LocalSchema = keyword.RawValue })];

    public abstract KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context);

    /// <summary>
    /// Applies a schema to a property of a value. Where it stands is asked only by a look that tells what differs.
    /// </summary>
    /// <param name="schema">The schema.</param>
    /// <param name="context">That of the value.</param>
    /// <param name="property">The property.</param>
    /// <param name="at">Its name.</param>
    /// <param name="of">What of the keyword the schema belongs to, where it has several.</param>
    protected EvaluationResults Apply(JsonSchemaNode schema, EvaluationContext context, JsonElement property, string at, string? of = null) =>
        schema.Evaluate(context.CanOptimize ? context with { Instance = property } : context with
        {
            Instance = property,
            InstanceLocation = context.InstanceLocation.Combine(at),
            EvaluationPath = of is null ? context.EvaluationPath.Combine(name) : context.EvaluationPath.Combine(name, of),
        });

    /// <summary>The same of an element of a list.</summary>
    protected EvaluationResults Apply(JsonSchemaNode schema, EvaluationContext context, JsonElement element, int at) =>
        schema.Evaluate(context.CanOptimize ? context with { Instance = element } : context with
        {
            Instance = element,
            InstanceLocation = context.InstanceLocation.Combine(at),
            EvaluationPath = context.EvaluationPath.Combine(name),
        });

    protected KeywordEvaluation Result(List<EvaluationResults> parts, JsonElement? annotation) => new()
    {
        Keyword = name,
        IsValid = parts.TrueForAll(x => x.IsValid),
        Details = [.. parts],
        Annotation = annotation,
    };

    protected KeywordEvaluation Failed => new() { Keyword = name, IsValid = false };
}
