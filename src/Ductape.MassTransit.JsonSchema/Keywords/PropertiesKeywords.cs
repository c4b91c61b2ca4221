using System.Text.Json;
using Json.Pointer;
using Json.Schema;
using Json.Schema.Keywords;

namespace Ductape.MassTransit;

/// <summary><c>patternProperties</c>, within the time that the message has.</summary>
/// <param name="patterns">The patterns of the schema by their text.</param>
internal sealed class PatternPropertiesCheck(IReadOnlyDictionary<string, SchemaPattern> patterns) : PartsKeyword("patternProperties")
{
    public override void BuildSubschemas(KeywordData keyword, BuildContext context)
    {
        var schemas = keyword.RawValue.EnumerateObject().ToArray();
        keyword.Subschemas = [.. schemas.Select(x => JsonSchema.BuildNode(context with { LocalSchema = x.Value, RelativePath = JsonPointer.Create(x.Name) }))];
        keyword.Value = schemas.Select(x => patterns[x.Name]).ToArray();
    }

    public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
    {
        if (context.Instance.ValueKind != JsonValueKind.Object)
            return KeywordEvaluation.Ignore;

        var expressions = (SchemaPattern[])keyword.Value!;
        var budget = ((MessageOptions)context.Options).Budget;
        var parts = new List<EvaluationResults>();
        var matched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in context.Instance.EnumerateObject())
        {
            var name = SchemaJson.NameOf(property);
            for (var i = 0; i < expressions.Length; i++)
            {
                if (!budget.IsMatch(expressions[i], name))
                    continue;

                matched.Add(name);
                var part = Apply(keyword.Subschemas[i], context, property.Value, context.InstanceLocation.Combine(name), context.EvaluationPath.Combine(Name, expressions[i].Text));
                if (context.CanOptimize && !part.IsValid)
                    return Failed;
                if (!context.CanOptimize)
                    parts.Add(part);
            }
        }

        return Result(parts, JsonSerializer.SerializeToElement(matched, SchemaJson.Relaxed));
    }
}

/// <summary><c>additionalProperties</c>. That of JsonSchema.Net matches the patterns beside it without a limit.</summary>
[DependsOnAnnotationsFrom(typeof(PropertiesKeyword))]
[DependsOnAnnotationsFrom(typeof(PatternPropertiesCheck))]
internal sealed class AdditionalPropertiesCheck() : PartsKeyword("additionalProperties")
{
    public override void BuildSubschemas(KeywordData keyword, BuildContext context)
    {
        base.BuildSubschemas(keyword, context);
        keyword.Value = context.LocalSchema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().Select(x => x.Name).ToHashSet(StringComparer.Ordinal)
            : [];
    }

    public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
    {
        if (context.Instance.ValueKind != JsonValueKind.Object)
            return KeywordEvaluation.Ignore;

        var known = (HashSet<string>)keyword.Value!;
        var matched = MatchedIn(context);
        var path = context.EvaluationPath.Combine(Name);
        var parts = new List<EvaluationResults>();
        foreach (var property in context.Instance.EnumerateObject())
        {
            var name = SchemaJson.NameOf(property);
            if (known.Contains(name) || matched?.Contains(name) == true)
                continue;

            var part = Apply(keyword.Subschemas[0], context, property.Value, context.InstanceLocation.Combine(name), path);
            if (context.CanOptimize && !part.IsValid)
                return Failed;
            if (!context.CanOptimize)
                parts.Add(part);
        }

        return Result(parts, Everything);
    }

    private static HashSet<string>? MatchedIn(EvaluationContext context)
    {
        foreach (var other in context.EvaluatedKeywords ?? [])
        {
            if (other.Keyword == "patternProperties" && other.Annotation is { } names)
                return names.EnumerateArray().Select(x => x.GetString()!).ToHashSet(StringComparer.Ordinal);
        }

        return null;
    }
}
