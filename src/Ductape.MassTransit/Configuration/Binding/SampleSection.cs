using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>A sample as a configuration has it: an object whose values are all text, or JSON text.</summary>
internal static class SampleSection
{
    public static JsonNode? Read(IConfigurationSection? section)
    {
        if (section is null)
            return null;

        var children = section.GetChildren().ToArray();
        if (children.Length == 0)
            return ReadLeaf(section.Value);
        return IsList(children)
            ? new JsonArray([.. children.Select(Read)])
            : new JsonObject(children.Select(x => KeyValuePair.Create(x.Key, Read(x))));
    }

    public static bool IsList(IConfigurationSection[] children) => children.Select((x, i) => x.Key == i.ToString()).All(x => x);

    /// <summary>The sample where it is JSON text, which keeps the types; else null.</summary>
    public static JsonNode? ReadText(string? value)
    {
        if (value is not ['{' or '[', ..])
            return null;

        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The JSON configuration provider writes booleans as "True" and "False"; numbers cannot be told from text.
    private static JsonNode? ReadLeaf(string? value) =>
        value is null ? null
        : value is "True" or "False" ? JsonValue.Create(value == "True")
        : ReadText(value) ?? JsonValue.Create(value);
}
