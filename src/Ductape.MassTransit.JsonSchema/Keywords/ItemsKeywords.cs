using System.Text.Json;
using Json.Schema;

namespace Ductape.MassTransit;

/// <summary>
/// <c>items</c>, for the elements behind those of <c>prefixItems</c>. JsonSchema.Net counts them from 0 and so tells of
/// others.
/// </summary>
internal sealed class ItemsCheck() : PartsKeyword("items")
{
    public override void BuildSubschemas(KeywordData keyword, BuildContext context)
    {
        base.BuildSubschemas(keyword, context);
        keyword.Value = context.LocalSchema.TryGetProperty("prefixItems", out var prefix) ? prefix.GetArrayLength() : 0;
    }

    public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
    {
        if (context.Instance.ValueKind != JsonValueKind.Array)
            return KeywordEvaluation.Ignore;

        var (first, i) = ((int)keyword.Value!, -1);
        var parts = new List<EvaluationResults>();
        foreach (var element in context.Instance.EnumerateArray())
        {
            if (++i < first)
                continue;

            var part = Apply(keyword.Subschemas[0], context, element, i);
            if (context.CanOptimize && !part.IsValid)
                return Failed;
            if (!context.CanOptimize)
                parts.Add(part);
        }

        return Result(parts, Everything);
    }
}

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>.</summary>
internal sealed class ContainsCheck() : PartsKeyword(Keyword)
{
    public const string Keyword = "contains";

    public override void BuildSubschemas(KeywordData keyword, BuildContext context)
    {
        base.BuildSubschemas(keyword, context);
        var least = Read(context.LocalSchema, "minContains") ?? 1;
        keyword.Value = (least, Read(context.LocalSchema, "maxContains"));
    }

    public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
    {
        if (context.Instance.ValueKind != JsonValueKind.Array)
            return KeywordEvaluation.Ignore;

        var (least, most) = ((int, int?))keyword.Value!;
        var parts = new List<EvaluationResults>();
        var fitting = new List<int>();
        var i = 0;
        foreach (var element in context.Instance.EnumerateArray())
        {
            var part = Apply(keyword.Subschemas[0], context, element, i);
            if (part.IsValid)
                fitting.Add(i);
            if (!context.CanOptimize)
                parts.Add(part);
            i++;
        }

        return Result(parts, context.CanOptimize ? null : JsonSerializer.SerializeToElement(fitting)) with
        {
            IsValid = fitting.Count >= least && !(fitting.Count > most),
            Error = fitting.Count < least ? $"must have at least {least} elements that fit 'contains'"
                : fitting.Count > most ? $"must have at most {most} elements that fit 'contains'"
                : null,
        };
    }

    private static int? Read(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var value) ? (int)SchemaNumber.Read(value).Exact!.Value : null;
}
