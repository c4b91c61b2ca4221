using NJsonSchema;

namespace Ductape.MassTransit;

/// <summary>
/// What of one schema is not left to NJsonSchema: its patterns, which it would match without any limit, and <c>uniqueItems</c>, which it compares by text.
/// </summary>
/// <param name="Pattern">Its <c>pattern</c>, or null.</param>
/// <param name="Properties">Its <c>patternProperties</c>.</param>
/// <param name="AllowsOthers">Whether there may be properties that none of them matches.</param>
/// <param name="Others">What those must fit, or null.</param>
/// <param name="UniqueItems">Whether no element may be there twice.</param>
internal sealed record OwnChecks(
    SchemaPattern? Pattern, IReadOnlyList<(SchemaPattern Name, JsonSchema Schema)> Properties, bool AllowsOthers, JsonSchema? Others, bool UniqueItems)
{
    /// <summary>Takes them out of a schema and all that it has in it.</summary>
    /// <param name="root">The schema; it is changed.</param>
    /// <param name="patterns">Its patterns, by their text.</param>
    public static IReadOnlyDictionary<JsonSchema, OwnChecks> TakeOut(JsonSchema root, IReadOnlyDictionary<string, SchemaPattern> patterns)
    {
        var taken = new Dictionary<JsonSchema, OwnChecks>(ReferenceEqualityComparer.Instance);
        var seen = new HashSet<JsonSchema>(ReferenceEqualityComparer.Instance);
        var left = new Stack<JsonSchema>([root]);
        while (left.TryPop(out var schema))
        {
            if (!seen.Add(schema))
                continue;

            foreach (var part in PartsOf(schema))
                left.Push(part);
            if (!string.IsNullOrEmpty(schema.Pattern) || schema.PatternProperties.Count > 0 || schema.UniqueItems)
                taken.Add(schema, TakeFrom(schema, patterns));
        }

        return taken;
    }

    private static OwnChecks TakeFrom(JsonSchema schema, IReadOnlyDictionary<string, SchemaPattern> patterns)
    {
        var own = new OwnChecks(
            string.IsNullOrEmpty(schema.Pattern) ? null : patterns[schema.Pattern],
            [.. schema.PatternProperties.Select(x => (patterns[x.Key], x.Value.ActualSchema))],
            schema.AllowAdditionalProperties,
            schema.AdditionalPropertiesSchema?.ActualSchema,
            schema.UniqueItems);
        schema.Pattern = null;
        schema.UniqueItems = false;
        if (own.Properties.Count > 0)
        {
            schema.PatternProperties.Clear();
            schema.AdditionalPropertiesSchema = null;
            schema.AllowAdditionalProperties = true;
        }

        return own;
    }

    private static IEnumerable<JsonSchema> PartsOf(JsonSchema schema) => new[]
    {
        schema.Reference, schema.Not, schema.Item, schema.AdditionalItemsSchema, schema.AdditionalPropertiesSchema,
    }.OfType<JsonSchema>()
        .Concat(schema.Items).Concat(schema.AllOf).Concat(schema.AnyOf).Concat(schema.OneOf)
        .Concat(schema.Properties.Values).Concat(schema.PatternProperties.Values).Concat(schema.Definitions.Values);
}
