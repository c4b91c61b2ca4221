using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>
/// Looks through a schema of any draft for what could not be checked, and writes it in the words of draft 2020-12:
/// keywords that are not known are left out, schemas that are true or false become objects, and each reference leads to
/// an anchor, so that it finds its schema wherever that is now. For one schema.
/// </summary>
internal sealed class SchemaRewriter
{
    private readonly KeywordRules _rules = new();
    private readonly SchemaResources _resources = new();
    private bool _referencesAreAlone;

    public IReadOnlyList<string> Problems => _rules.Problems;

    public IReadOnlyDictionary<string, SchemaPattern> Patterns => _rules.Patterns;

    /// <summary>The address of the schema.</summary>
    public Uri BaseUri { get; private set; } = SchemaResources.Nowhere;

    /// <summary>Whether a keyword asks which parts of a message others have looked at.</summary>
    public bool LooksAtEvaluated { get; private set; }

    /// <summary>The schema, rewritten. Worth something only where there are no <see cref="Problems"/>.</summary>
    public JsonObject Rewrite(JsonNode schema)
    {
        // Before 2019-09, what is beside a reference says nothing.
        _referencesAreAlone = KeywordRules.TextOf((schema as JsonObject)?["$schema"])?.Contains("draft-0", StringComparison.Ordinal) == true;
        if (Schema(schema.DeepClone(), [], BaseUri, "must not be there") is not { } root)
            return [];

        BaseUri = root.BaseUri;
        root.Output.Remove("$id");
        new SchemaLinker(_resources, _rules).Link();
        if (Problems.Count == 0 && SchemaLoops.Find(_resources.Places) is { } loop)
            _rules.Loop(loop.At);
        return root.Output;
    }

    private SchemaPlace? Schema(JsonNode? node, string[] at, Uri baseUri, string never)
    {
        if (node is not JsonObject schema)
        {
            if (!_rules.Expect(KeywordRules.IsBoolean(node), at, node, "a schema must be an object"))
                return null;

            var boolean = new SchemaPlace(at, node!, baseUri);
            Add(boolean);
            if (!node!.GetValue<bool>())
                boolean.Output[NeverCheck.Keyword] = never;
            return boolean;
        }

        var id = KeywordRules.TextOf(schema["$id"]);
        var anchor = id is ['#', .. var name] ? name : null;
        var place = new SchemaPlace(at, schema, id is null || anchor is not null ? baseUri : Resolve(baseUri, id, at));
        Add(place);
        if (anchor is { Length: > 0 })
            Anchor(place, "$id", anchor);
        if (place.BaseUri != baseUri)
            place.Output["$id"] = place.BaseUri.AbsoluteUri;
        foreach (var (keyword, value) in schema)
        {
            if (SchemaKeywords.References.Contains(keyword))
                Reference(place, keyword, value);
            else if (SchemaKeywords.Known.TryGetValue(keyword, out var kind))
                Keyword(place, keyword, kind, value, [.. at, keyword]);
        }

        DraftWords.Translate(place.Output, schema);
        return place;
    }

    private void Add(SchemaPlace place)
    {
        _resources.Add(place);
        if ((place.At.Length == 0 || place.Source is JsonObject schema && schema.ContainsKey("$id") && IsResource(schema)) && !_resources.AddRoot(place))
            _rules.Problem([.. place.At, "$id"], place.Source["$id"], "another schema in it has the same");

        static bool IsResource(JsonObject schema) => KeywordRules.TextOf(schema["$id"]) is { } id && !id.StartsWith('#');
    }

    private Uri Resolve(Uri baseUri, string id, string[] at)
    {
        if (Uri.TryCreate(baseUri, id.Split('#')[0], out var address))
            return address;

        _rules.Problem([.. at, "$id"], id, "must be an address");
        return baseUri;
    }

    private void Reference(SchemaPlace place, string keyword, JsonNode? value)
    {
        place.References.Add((keyword, value));
        if (!_referencesAreAlone)
            return;

        var beside = place.Source.AsObject().FirstOrDefault(x =>
            SchemaKeywords.Known.ContainsKey(x.Key) && !SchemaKeywords.BesideReference.Contains(x.Key)).Key;
        if (beside is not null)
        {
            _rules.Problem([.. place.At, keyword], value,
                $"beside it '{beside}' is not looked at in the draft of '$schema'; put both into 'allOf', or take '$schema' out");
        }
    }

    private void Keyword(SchemaPlace place, string keyword, KeywordKind kind, JsonNode? value, string[] at)
    {
        LooksAtEvaluated |= keyword is "unevaluatedItems" or "unevaluatedProperties";
        switch (kind)
        {
            case KeywordKind.SchemaOrSchemas when value is JsonArray:
            case KeywordKind.Schemas:
                if (_rules.Expect(value is JsonArray { Count: > 0 }, at, value, "must be a list of schemas"))
                    place.Output[keyword] = new JsonArray([.. value!.AsArray().Select((x, i) => (JsonNode?)Part(place, keyword, x, [.. at, $"{i}"]))]);
                break;
            case KeywordKind.Schema or KeywordKind.SchemaOrSchemas:
                place.Output[keyword] = Part(place, keyword, value, at);
                break;
            case KeywordKind.SchemasByName or KeywordKind.SchemasByPattern or KeywordKind.SchemaOrNamesByName:
                if (_rules.Expect(value is JsonObject, at, value, "must be an object of schemas"))
                {
                    place.Output[keyword] = new JsonObject(value!.AsObject().Select(x =>
                        KeyValuePair.Create(x.Key, ByName(place, keyword, kind, x.Key, x.Value, [.. at, x.Key]))));
                }

                break;
            default:
                _rules.Check(kind, value, at);
                if (keyword is "$anchor" or "$dynamicAnchor" && KeywordRules.TextOf(value) is { } anchor)
                    Anchor(place, keyword, anchor);
                if (keyword != "$anchor")
                    place.Output[keyword] = value?.DeepClone();
                break;
        }
    }

    private JsonNode? ByName(SchemaPlace place, string keyword, KeywordKind kind, string name, JsonNode? value, string[] at)
    {
        if (kind == KeywordKind.SchemasByPattern)
            _rules.CheckPattern(name, at, name);
        if (kind != KeywordKind.SchemaOrNamesByName || value is not JsonArray)
            return Part(place, keyword, value, at);

        _rules.Check(KeywordKind.Names, value, at);
        return value.DeepClone();
    }

    private JsonObject? Part(SchemaPlace place, string keyword, JsonNode? value, string[] at)
    {
        var part = Schema(value, at, place.BaseUri, keyword switch
        {
            "additionalProperties" or "unevaluatedProperties" => "is no property of the schema, which allows no others",
            "additionalItems" or "items" or "unevaluatedItems" => "is an element more than the schema allows",
            _ => "must not be there",
        });
        if (part is not null && SchemaKeywords.InPlace.Contains(keyword))
            place.Applied.Add(part);
        return part?.Output;
    }

    private void Anchor(SchemaPlace place, string keyword, string anchor)
    {
        if (!_resources.AddAnchor(place, anchor))
            _rules.Problem([.. place.At, keyword], anchor, "another schema has the same");
    }
}
