using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>Puts keywords of earlier drafts into those of draft 2020-12.</summary>
internal static class DraftWords
{
    /// <param name="output">The schema; it is changed.</param>
    /// <param name="source">As it was written.</param>
    public static void Translate(JsonObject output, JsonObject source)
    {
        Elements(output, source);
        Exclusive(output, "exclusiveMinimum", "minimum");
        Exclusive(output, "exclusiveMaximum", "maximum");
        foreach (var (name, value) in Take(output, "dependencies"))
            Keep(output, value is JsonArray ? "dependentRequired" : "dependentSchemas", name, value);
        foreach (var (name, value) in Take(output, "definitions"))
            Keep(output, "$defs", name, value);
    }

    private static void Elements(JsonObject output, JsonObject source)
    {
        var isTuple = source["items"] is JsonArray;
        if (isTuple && output.Remove("items", out var first))
            output["prefixItems"] = first;
        if (!output.Remove("additionalItems", out var others))
            return;

        // Where nothing is before them it says nothing, but a reference may lead into it.
        if (isTuple)
            output["items"] = others;
        else
            Keep(output, "$defs", "additionalItems", others);
    }

    // In draft 4 it says how the other one is meant.
    private static void Exclusive(JsonObject output, string exclusive, string inclusive)
    {
        if (!KeywordRules.IsBoolean(output[exclusive]))
            return;

        output.Remove(exclusive, out var value);
        if (value!.GetValue<bool>() && output.Remove(inclusive, out var bound))
            output[exclusive] = bound;
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Take(JsonObject output, string keyword)
    {
        if (!output.Remove(keyword, out var value) || value is not JsonObject taken)
            return [];

        var members = taken.ToArray();
        taken.Clear();
        return members;
    }

    private static void Keep(JsonObject output, string keyword, string name, JsonNode? value)
    {
        if (output[keyword] is not JsonObject kept)
            output[keyword] = kept = [];
        if (kept.TryGetPropertyValue(name, out var other) && other is JsonArray both && value is JsonArray more)
        {
            foreach (var required in more)
                both.Add(required!.DeepClone());
            return;
        }

        if (keyword == "dependentSchemas" && kept.Remove(name, out other))
            value = new JsonObject { ["allOf"] = new JsonArray(other, value) };
        // Nobody asks for the names in $defs, since references lead to anchors.
        while (keyword == "$defs" && kept.ContainsKey(name))
            name += "'";
        kept[name] = value;
    }
}
