using System.Text.Json;
using Json.Pointer;
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

    /// <summary>Applies a schema to a part.</summary>
    protected static EvaluationResults Apply(JsonSchemaNode schema, EvaluationContext context, JsonElement part, JsonPointer at, JsonPointer path) =>
        schema.Evaluate(context with { Instance = part, InstanceLocation = at, EvaluationPath = path });

    protected KeywordEvaluation Result(List<EvaluationResults> parts, JsonElement? annotation) => new()
    {
        Keyword = name,
        IsValid = parts.TrueForAll(x => x.IsValid),
        Details = [.. parts],
        Annotation = annotation,
    };

    protected KeywordEvaluation Failed => new() { Keyword = name, IsValid = false };
}
