using System.Text.Json.Nodes;

namespace Ductape.MassTransit;

/// <summary>Finds a schema that applies itself to the same value again, which NJsonSchema would do until the stack is full.</summary>
internal static class SchemaLoops
{
    /// <summary>Where such a loop begins, or null.</summary>
    /// <param name="root">The schema.</param>
    /// <param name="schemas">The schemas in it, to which all references lead.</param>
    public static string? Find(JsonObject root, IEnumerable<JsonObject> schemas)
    {
        var finished = new HashSet<JsonObject>();
        var entered = new HashSet<JsonObject>();
        return schemas.Where(Loops).Select(PointerOf).FirstOrDefault();

        bool Loops(JsonObject schema)
        {
            if (finished.Contains(schema))
                return false;
            if (!entered.Add(schema))
                return true;
            if (AppliedToTheSame(schema, root).Any(Loops))
                return true;

            entered.Remove(schema);
            finished.Add(schema);
            return false;
        }
    }

    /// <summary>What a reference leads to, or null where that is no object.</summary>
    public static JsonObject? Follow(JsonNode root, string reference)
    {
        JsonNode? node = root;
        foreach (var step in reference.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node switch
            {
                JsonObject o => o[name],
                JsonArray list when int.TryParse(name, out var index) && index >= 0 && index < list.Count => list[index],
                _ => null,
            };
        }

        return node as JsonObject;
    }

    private static IEnumerable<JsonObject> AppliedToTheSame(JsonObject schema, JsonObject root)
    {
        if (schema["$ref"] is JsonValue reference && reference.TryGetValue(out string? text) && Follow(root, text) is { } target)
            yield return target;
        if (schema["not"] is JsonObject not)
            yield return not;
        foreach (var keyword in new[] { "allOf", "anyOf", "oneOf" })
        {
            foreach (var part in (schema[keyword] as JsonArray)?.OfType<JsonObject>() ?? [])
                yield return part;
        }
    }

    private static string PointerOf(JsonNode node)
    {
        var steps = new Stack<string>();
        for (var at = node; at.Parent is { } parent; at = parent)
            steps.Push(parent is JsonArray ? $"{at.GetElementIndex()}" : at.GetPropertyName());
        return JsonPointer.Of(steps);
    }
}
