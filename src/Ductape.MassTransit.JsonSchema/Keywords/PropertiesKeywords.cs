using System.Text.Json;
using Json.Pointer;
using Json.Schema;

namespace Ductape.MassTransit;

/// <summary><c>properties</c>. That of JsonSchema.Net makes a list of their names for each object.</summary>
internal sealed class PropertiesCheck() : PartsKeyword("properties")
{
    public override void BuildSubschemas(KeywordData keyword, BuildContext context)
    {
        var schemas = keyword.RawValue.EnumerateObject().ToArray();
        keyword.Subschemas = [.. schemas.Select(x => JsonSchema.BuildNode(context with { LocalSchema = x.Value, RelativePath = JsonPointer.Create(x.Name) }))];
        keyword.Value = schemas.Select(x => x.Name).ToArray();
    }

    public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
    {
        if (context.Instance.ValueKind != JsonValueKind.Object)
            return KeywordEvaluation.Ignore;

        var names = (string[])keyword.Value!;
        var parts = new List<EvaluationResults>();
        var found = context.CanOptimize ? null : new List<string>();
        for (var i = 0; i < names.Length; i++)
        {
            if (!SchemaJson.TryGet(context.Instance, names[i], out var value))
                continue;

            found?.Add(names[i]);
            var part = Apply(keyword.Subschemas[i], context, value, names[i], names[i]);
            if (context.CanOptimize && !part.IsValid)
                return Failed;
            if (!context.CanOptimize)
                parts.Add(part);
        }

        return Result(parts, found is null ? null : JsonSerializer.SerializeToElement(found));
    }
}

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
                var part = Apply(keyword.Subschemas[i], context, property.Value, name, expressions[i].Text);
                if (context.CanOptimize && !part.IsValid)
                    return Failed;
                if (!context.CanOptimize)
                    parts.Add(part);
            }
        }

        return Result(parts, JsonSerializer.SerializeToElement(matched, SchemaJson.Relaxed));
    }
}

/// <summary>
/// <c>additionalProperties</c>. That of JsonSchema.Net matches the patterns beside it without a limit.
/// </summary>
[DependsOnAnnotationsFrom(typeof(PropertiesCheck))]
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
        var parts = new List<EvaluationResults>();
        foreach (var property in context.Instance.EnumerateObject())
        {
            var name = SchemaJson.NameOf(property);
            if (known.Contains(name) || matched?.Contains(name) == true)
                continue;

            var part = Apply(keyword.Subschemas[0], context, property.Value, name);
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
