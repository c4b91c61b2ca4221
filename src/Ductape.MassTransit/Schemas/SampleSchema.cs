using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit;

/// <summary>
/// The schema that a sample stands for: an object must have the properties of the sample's and may have more, a value must have the JSON
/// type of the sample's, an element must be like one of the sample's elements. Null and an empty list stand for anything and any list.
/// </summary>
internal static class SampleSchema
{
    public static JsonObject Of(JsonNode? sample) => sample switch
    {
        null => [],
        JsonObject members => OfMembers(members.Select(x => KeyValuePair.Create(x.Key, Of(x.Value)))),
        JsonArray elements => OfElements(elements.Select(Of)),
        _ => OfType(sample.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "boolean",
        }),
    };

    /// <summary>The same of a sample whose types a configuration has lost: what may have been no text stands for anything.</summary>
    public static JsonObject Of(IConfigurationSection sample)
    {
        var children = sample.GetChildren().ToArray();
        if (children.Length == 0)
            return IsText(sample.Value) ? OfType("string") : [];
        return SampleSection.IsList(children)
            ? OfElements(children.Select(Of))
            : OfMembers(children.Select(x => KeyValuePair.Create(x.Key, Of(x))));
    }

    private static JsonObject OfType(string type) => new() { ["type"] = type };

    private static JsonObject OfMembers(IEnumerable<KeyValuePair<string, JsonObject>> members)
    {
        var schema = OfType("object");
        schema["properties"] = new JsonObject(members.Select(x => KeyValuePair.Create(x.Key, (JsonNode?)x.Value)));
        schema["required"] = new JsonArray([.. schema["properties"]!.AsObject().Select(x => (JsonNode)x.Key)]);
        return schema;
    }

    private static JsonObject OfElements(IEnumerable<JsonObject> elements)
    {
        var schema = OfType("array");
        var kinds = elements.DistinctBy(x => x.ToJsonString()).ToArray();
        if (kinds.Length == 1)
            schema["items"] = kinds[0];
        else if (kinds.Length > 1)
            schema["items"] = new JsonObject { ["anyOf"] = new JsonArray([.. kinds]) };
        return schema;
    }

    // An empty value may have been an empty object or list.
    private static bool IsText(string? value) =>
        !string.IsNullOrEmpty(value) && !bool.TryParse(value, out _) && value[0] is not ('-' or '{' or '[' or (>= '0' and <= '9'));
}
