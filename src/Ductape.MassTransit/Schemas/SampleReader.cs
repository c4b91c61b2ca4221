using System.Text.Json;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Schemas;

/// <summary>Makes the shapes of samples.</summary>
internal sealed class SampleReader : ISampleReader
{
    public IMessageSchema Read(JsonNode? sample) => new SampleSchema(ShapeOf(sample));

    public IMessageSchema Read(IConfigurationSection sample) => new SampleSchema(ShapeOf(sample));

    private static SampleShape ShapeOf(JsonNode? sample) => sample switch
    {
        null => SampleShape.Anything,
        JsonObject members => SampleShape.ObjectOf(members.Select(x => KeyValuePair.Create(x.Key, ShapeOf(x.Value)))),
        JsonArray elements => SampleShape.ListOf(elements.Select(ShapeOf)),
        _ => SampleShape.Of(sample.GetValueKind() switch
        {
            JsonValueKind.String => SampleKind.String,
            JsonValueKind.Number => SampleKind.Number,
            JsonValueKind.Null => SampleKind.Anything,
            _ => SampleKind.Boolean,
        }),
    };

    private static SampleShape ShapeOf(IConfigurationSection sample)
    {
        var children = sample.GetChildren().ToArray();
        if (children.Length == 0)
            return IsText(sample.Value) ? SampleShape.Of(SampleKind.String) : SampleShape.Anything;
        return SampleSection.IsList(children)
            ? SampleShape.ListOf(children.Select(ShapeOf))
            : SampleShape.ObjectOf(children.Select(x => KeyValuePair.Create(x.Key, ShapeOf(x))));
    }

    // An empty value may have been an empty object or list.
    private static bool IsText(string? value) =>
        !string.IsNullOrEmpty(value) && !bool.TryParse(value, out _) && value[0] is not ('-' or '{' or '[' or (>= '0' and <= '9'));
}
