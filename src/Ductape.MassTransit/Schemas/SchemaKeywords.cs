using System.Collections.Frozen;

namespace Ductape.MassTransit;

/// <summary>What the keywords of JSON Schema take. Source: JSON Schema Validation, drafts 4 to 7.</summary>
internal static class SchemaKeywords
{
    public static readonly FrozenSet<string> Types = new[] { "object", "array", "string", "number", "integer", "boolean", "null" }.ToFrozenSet();

    public static readonly FrozenDictionary<string, SchemaKeywordKind> Known = new Dictionary<string, SchemaKeywordKind>
    {
        ["$ref"] = SchemaKeywordKind.Reference,
        ["type"] = SchemaKeywordKind.Type,
        ["enum"] = SchemaKeywordKind.Values,
        ["const"] = SchemaKeywordKind.Value,
        ["required"] = SchemaKeywordKind.Names,
        ["properties"] = SchemaKeywordKind.SchemasByName,
        ["patternProperties"] = SchemaKeywordKind.SchemasByPattern,
        ["definitions"] = SchemaKeywordKind.SchemasByName,
        ["additionalProperties"] = SchemaKeywordKind.SchemaOrBoolean,
        ["additionalItems"] = SchemaKeywordKind.SchemaOrBoolean,
        ["items"] = SchemaKeywordKind.SchemaOrSchemas,
        ["allOf"] = SchemaKeywordKind.Schemas,
        ["anyOf"] = SchemaKeywordKind.Schemas,
        ["oneOf"] = SchemaKeywordKind.Schemas,
        ["not"] = SchemaKeywordKind.Schema,
        ["minimum"] = SchemaKeywordKind.Number,
        ["maximum"] = SchemaKeywordKind.Number,
        ["exclusiveMinimum"] = SchemaKeywordKind.NumberOrBoolean,
        ["exclusiveMaximum"] = SchemaKeywordKind.NumberOrBoolean,
        ["multipleOf"] = SchemaKeywordKind.PositiveNumber,
        ["minLength"] = SchemaKeywordKind.Count,
        ["maxLength"] = SchemaKeywordKind.Count,
        ["minItems"] = SchemaKeywordKind.Count,
        ["maxItems"] = SchemaKeywordKind.PositiveCount,
        ["minProperties"] = SchemaKeywordKind.Count,
        ["maxProperties"] = SchemaKeywordKind.PositiveCount,
        ["uniqueItems"] = SchemaKeywordKind.Boolean,
        ["pattern"] = SchemaKeywordKind.Pattern,
        ["format"] = SchemaKeywordKind.Text,
    }.ToFrozenDictionary();

    /// <summary>What NJsonSchema would pass over, so that a message would seem to fit.</summary>
    public static readonly FrozenSet<string> NotChecked = new[]
    {
        "if", "then", "else", "contains", "minContains", "maxContains", "propertyNames", "dependencies", "dependentRequired", "dependentSchemas",
        "prefixItems", "unevaluatedItems", "unevaluatedProperties", "$dynamicRef", "$recursiveRef",
    }.ToFrozenSet();
}
