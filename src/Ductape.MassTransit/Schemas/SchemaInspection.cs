using System.Text.Json;
using System.Text.Json.Nodes;
using static Ductape.MassTransit.SchemaKeywordKind;

namespace Ductape.MassTransit;

/// <summary>
/// Looks through a schema for what could not be checked, which NJsonSchema would pass over or trip over while messages are published, and
/// puts it into the form that it reads.
/// </summary>
internal sealed class SchemaInspection
{
    private readonly List<string> _problems = [];
    private readonly List<SchemaEnumeration> _enumerations = [];
    private readonly HashSet<JsonObject> _schemas = [];
    private readonly List<(string[] At, string Reference)> _references = [];
    private readonly Dictionary<string, SchemaPattern> _patterns = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Problems => _problems;

    public IReadOnlyList<SchemaEnumeration> Enumerations => _enumerations;

    /// <summary>The patterns by their text, each with the first place where it is.</summary>
    public IReadOnlyDictionary<string, SchemaPattern> Patterns => _patterns;

    /// <param name="root">The schema; it is changed.</param>
    public void Run(JsonNode? root)
    {
        Inspect(root, []);
        foreach (var (at, reference) in _references)
        {
            if (SchemaLoops.Follow(root!, reference) is not { } target || !_schemas.Contains(target))
                _problems.Add($"at {JsonPointer.Of(at)} has \"{reference}\": there is no schema in that place; what is referred to belongs into 'definitions'.");
        }

        if (_problems.Count == 0 && SchemaLoops.Find(root!.AsObject(), _schemas) is { } pointer)
            _problems.Add($"at {pointer} refers to itself without going down into the message, so that checking would never end.");
    }

    private void Inspect(JsonNode? node, string[] at)
    {
        if (node is not JsonObject schema)
        {
            Problem(at, node, node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False
                ? "a schema must be an object here; instead of true write {}, and instead of false { \"not\": {} }"
                : "a schema must be an object");
            return;
        }

        _schemas.Add(schema);
        // Drafts from 2019 on call them by another name, which NJsonSchema does not follow.
        if (schema.TryGetPropertyValue("$defs", out var definitions))
        {
            if (schema.ContainsKey("definitions"))
                _problems.Add($"at {JsonPointer.Of(at)} has both '$defs' and 'definitions': put all into one of them.");
            schema.Remove("$defs");
            schema.TryAdd("definitions", definitions);
        }

        foreach (var (keyword, value) in schema.ToArray())
        {
            if (SchemaKeywords.NotChecked.Contains(keyword))
                _problems.Add($"at {JsonPointer.Of([.. at, keyword])} has a keyword that cannot be checked: take it out.");
            else if (SchemaKeywords.Known.TryGetValue(keyword, out var kind))
                Inspect(schema, kind, value, [.. at, keyword]);
            else
                // NJsonSchema knows keywords of its own and follows references wherever they stand.
                schema.Remove(keyword);
        }

        TakeEnumeration(schema, "enum", x => x as JsonArray);
        TakeEnumeration(schema, "const", x => [x?.DeepClone()]);
        // One that holds a reference alone NJsonSchema takes for the reference itself, and forgets what is beside it.
        AddToSingle(schema["allOf"], []);
        AddToSingle(schema["anyOf"], new JsonObject { ["not"] = new JsonObject() });
        AddToSingle(schema["oneOf"], new JsonObject { ["not"] = new JsonObject() });
    }

    private void Inspect(JsonObject schema, SchemaKeywordKind kind, JsonNode? value, string[] at)
    {
        switch (kind)
        {
            case Schema:
                Inspect(value, at);
                break;
            case SchemaOrBoolean when value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                break;
            case SchemaOrBoolean:
            case SchemaOrSchemas when value is not JsonArray:
                Inspect(value, at);
                break;
            case SchemaOrSchemas or Schemas:
                Expect(value is JsonArray { Count: > 0 }, at, value, "must be a list of schemas");
                for (var i = 0; i < (value as JsonArray)?.Count; i++)
                    Inspect(value![i], [.. at, $"{i}"]);
                break;
            case SchemasByName or SchemasByPattern:
                Expect(value is JsonObject, at, value, "must be an object of schemas");
                foreach (var (name, child) in (value as JsonObject)?.ToArray() ?? [])
                {
                    if (kind == SchemasByPattern)
                        ExpectPattern(name, [.. at, name], name);
                    Inspect(child, [.. at, name]);
                }

                break;
            case Reference:
                InspectReference(schema, value, at);
                break;
            case SchemaKeywordKind.Type:
                var types = value as JsonArray ?? [value?.DeepClone()];
                Expect(types.Count > 0 && types.All(x => TextOf(x) is { } type && SchemaKeywords.Types.Contains(type)), at, value,
                    $"must be one or a list of {string.Join(", ", SchemaKeywords.Types.Order(StringComparer.Ordinal))}");
                break;
            case Values:
                Expect(value is JsonArray { Count: > 0 }, at, value, "must be a list of values");
                break;
            case Names:
                Expect(value is JsonArray names && names.All(x => TextOf(x) is not null), at, value, "must be a list of names of properties");
                break;
            case Number:
                Expect(NumberOf(value) is not null, at, value, "must be a number that a decimal can hold");
                break;
            case PositiveNumber:
                Expect(NumberOf(value) > 0, at, value, "must be a number over zero");
                break;
            case NumberOrBoolean:
                Expect(NumberOf(value) is not null || value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False, at, value,
                    "must be a number, or in draft 4 true or false");
                break;
            case Count:
                Expect(CountOf(value) >= 0, at, value, "must be a whole number, zero or more");
                break;
            case PositiveCount:
                Expect(CountOf(value) > 0, at, value, "must be a whole number, one or more");
                break;
            case SchemaKeywordKind.Boolean:
                Expect(value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False, at, value, "must be true or false");
                break;
            case Pattern:
                ExpectPattern(TextOf(value), at, value);
                break;
            case Text:
                Expect(TextOf(value) is not null, at, value, "must be a string");
                break;
        }
    }

    private void InspectReference(JsonObject schema, JsonNode? value, string[] at)
    {
        if (TextOf(value) is not { } reference || (reference != "#" && !reference.StartsWith("#/", StringComparison.Ordinal)))
        {
            Problem(at, value, "only references inside the schema are followed, as '#/definitions/name': copy what it refers to into 'definitions'");
            return;
        }

        if (schema.FirstOrDefault(x => x.Key is not ("$ref" or "definitions") && SchemaKeywords.Known.ContainsKey(x.Key)).Key is { } beside)
        {
            Problem(at, value, $"beside it '{beside}' is not looked at; put both into 'allOf'");
            return;
        }

        reference = reference.Replace("/$defs/", "/definitions/", StringComparison.Ordinal);
        schema["$ref"] = reference;
        _references.Add((at, reference));
    }

    private void TakeEnumeration(JsonObject schema, string keyword, Func<JsonNode?, JsonArray?> valuesOf)
    {
        if (!schema.TryGetPropertyValue(keyword, out var value) || valuesOf(value) is not { Count: > 0 } values)
            return;

        schema.Remove(keyword);
        if (schema.ContainsKey(SchemaEnumeration.Keyword))
        {
            // Both 'enum' and 'const': each gets a schema of its own.
            var also = new JsonObject { [SchemaEnumeration.Keyword] = _enumerations.Count };
            if (schema["allOf"] is JsonArray all)
                all.Add(also);
            else
                schema["allOf"] = new JsonArray(also);
        }
        else
        {
            schema[SchemaEnumeration.Keyword] = _enumerations.Count;
        }

        _enumerations.Add(new SchemaEnumeration([.. values]));
    }

    private static void AddToSingle(JsonNode? schemas, JsonObject neutral)
    {
        if (schemas is JsonArray { Count: 1 } single)
            single.Add(neutral);
    }

    private void ExpectPattern(string? pattern, string[] at, JsonNode? value)
    {
        try
        {
            Expect(pattern is not null, at, value, "must be a string");
            if (pattern is not null && !_patterns.ContainsKey(pattern))
                _patterns.Add(pattern, new SchemaPattern(pattern, JsonPointer.Of(at)));
        }
        catch (ArgumentException exception)
        {
            Problem(at, value, $"is no regular expression of .NET: {exception.Message.TrimEnd('.')}");
        }
    }

    private void Expect(bool isSo, string[] at, JsonNode? value, string what)
    {
        if (!isSo)
            Problem(at, value, what);
    }

    private void Problem(string[] at, JsonNode? value, string what)
    {
        var text = value?.ToJsonString(PayloadJson.DefaultOptions) ?? "null";
        _problems.Add($"at {JsonPointer.Of(at)} has {(text.Length > 80 ? text[..80] + "…" : text)}: {what}.");
    }

    private static string? TextOf(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? result) ? result : null;

    // NJsonSchema compares decimals.
    private static decimal? NumberOf(JsonNode? value) =>
        value is JsonValue number && number.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(number.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var result)
            ? result
            : null;

    private static int? CountOf(JsonNode? value) =>
        NumberOf(value) is { } number && decimal.IsInteger(number) && number is >= 0 and <= int.MaxValue ? (int)number : null;
}
