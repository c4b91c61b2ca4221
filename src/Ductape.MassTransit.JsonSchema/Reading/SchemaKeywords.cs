using System.Collections.Frozen;

namespace Ductape.MassTransit;

/// <summary>
/// What the keywords of JSON Schema take. Source: JSON Schema Core and Validation, drafts 4 to 2020-12.
/// </summary>
internal static class SchemaKeywords
{
    public static readonly FrozenSet<string> Types = new[] { "object", "array", "string", "number", "integer", "boolean", "null" }.ToFrozenSet();

    /// <summary>Those that refer to another schema.</summary>
    public static readonly FrozenSet<string> References = new[] { "$ref", "$dynamicRef", "$recursiveRef" }.ToFrozenSet();

    /// <summary>Those whose schemas look at the same value as the schema that they are in.</summary>
    public static readonly FrozenSet<string> InPlace =
        new[] { "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies" }.ToFrozenSet();

    public static readonly FrozenDictionary<string, KeywordKind> Known = new Dictionary<string, KeywordKind>
    {
        ["type"] = KeywordKind.Type,
        ["enum"] = KeywordKind.Values,
        ["const"] = KeywordKind.Value,
        ["required"] = KeywordKind.Names,
        ["dependentRequired"] = KeywordKind.NamesByName,
        ["properties"] = KeywordKind.SchemasByName,
        ["patternProperties"] = KeywordKind.SchemasByPattern,
        ["definitions"] = KeywordKind.SchemasByName,
        ["$defs"] = KeywordKind.SchemasByName,
        ["dependentSchemas"] = KeywordKind.SchemasByName,
        ["dependencies"] = KeywordKind.SchemaOrNamesByName,
        ["additionalProperties"] = KeywordKind.Schema,
        ["unevaluatedProperties"] = KeywordKind.Schema,
        ["propertyNames"] = KeywordKind.Schema,
        ["prefixItems"] = KeywordKind.Schemas,
        ["items"] = KeywordKind.SchemaOrSchemas,
        ["additionalItems"] = KeywordKind.Schema,
        ["unevaluatedItems"] = KeywordKind.Schema,
        ["contains"] = KeywordKind.Schema,
        ["minContains"] = KeywordKind.Count,
        ["maxContains"] = KeywordKind.Count,
        ["allOf"] = KeywordKind.Schemas,
        ["anyOf"] = KeywordKind.Schemas,
        ["oneOf"] = KeywordKind.Schemas,
        ["not"] = KeywordKind.Schema,
        ["if"] = KeywordKind.Schema,
        ["then"] = KeywordKind.Schema,
        ["else"] = KeywordKind.Schema,
        ["minimum"] = KeywordKind.Number,
        ["maximum"] = KeywordKind.Number,
        ["exclusiveMinimum"] = KeywordKind.NumberOrBoolean,
        ["exclusiveMaximum"] = KeywordKind.NumberOrBoolean,
        ["multipleOf"] = KeywordKind.PositiveNumber,
        ["minLength"] = KeywordKind.Count,
        ["maxLength"] = KeywordKind.Count,
        ["minItems"] = KeywordKind.Count,
        ["maxItems"] = KeywordKind.Count,
        ["minProperties"] = KeywordKind.Count,
        ["maxProperties"] = KeywordKind.Count,
        ["uniqueItems"] = KeywordKind.Boolean,
        ["pattern"] = KeywordKind.Pattern,
        ["format"] = KeywordKind.Text,
        ["$dynamicAnchor"] = KeywordKind.Text,
        ["$anchor"] = KeywordKind.Text,
        ["$recursiveAnchor"] = KeywordKind.Boolean,
    }.ToFrozenDictionary();

    /// <summary>Those that a draft before 2019-09 looks at beside a reference.</summary>
    public static readonly FrozenSet<string> BesideReference = new[] { "definitions", "$defs" }.ToFrozenSet();
}
