using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>Gives what is referred to an anchor, and lets the references lead there.</summary>
internal sealed class SchemaLinker(SchemaResources resources, KeywordRules rules)
{
    private const string Recursive = "ductape-recursive";

    private int _anchors;

    public void Link()
    {
        var places = resources.Places.ToArray();
        foreach (var place in places)
            MarkRecursive(place);
        foreach (var place in places)
        {
            foreach (var (keyword, value) in place.References)
                Link(place, keyword, value);
        }
    }

    // Draft 2019-09 has one dynamic anchor for each resource, without a name.
    private void MarkRecursive(SchemaPlace place)
    {
        if (place.Output.Remove("$recursiveAnchor", out var value) && value is JsonValue mark && mark.TryGetValue(out bool isOne) && isOne
            && place.DynamicAnchor is null && resources.RootOf(place) == place)
            place.Output["$dynamicAnchor"] = Recursive;
    }

    private void Link(SchemaPlace place, string keyword, JsonNode? value)
    {
        string[] at = [.. place.At, keyword];
        if (KeywordRules.TextOf(value) is not { } reference)
        {
            rules.Problem(at, value, "must be a string");
            return;
        }

        if (resources.Find(place, reference, out var anchor) is not { } target)
        {
            rules.Problem(at, value, reference.StartsWith('#')
                ? "there is no schema in that place; what is referred to belongs into 'definitions'"
                : "only references inside the schema are followed, as '#/definitions/name': copy what it refers to into 'definitions'");
            return;
        }

        var dynamic = keyword switch
        {
            "$dynamicRef" when anchor is not null && target.DynamicAnchor == anchor => anchor,
            "$recursiveRef" when target.DynamicAnchor == Recursive => Recursive,
            _ => null,
        };
        if (dynamic is not null)
        {
            place.Applied.AddRange(resources.Places.Where(x => x.DynamicAnchor == dynamic));
            Refer(place, "$dynamicRef", $"{target.BaseUri.AbsoluteUri}#{dynamic}");
            return;
        }

        place.Applied.Add(target);
        if (target.Output["$anchor"] is not { } name)
            target.Output["$anchor"] = name = $"ductape-{_anchors++}";
        Refer(place, "$ref", $"{target.BaseUri.AbsoluteUri}#{name}");
    }

    private static void Refer(SchemaPlace place, string keyword, string address)
    {
        if (place.Output.TryAdd(keyword, address))
            return;

        if (place.Output["allOf"] is not JsonArray all)
            place.Output["allOf"] = all = [];
        all.Add(new JsonObject { [keyword] = address });
    }
}
