using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>A property that is not there. Several of them are the one error that a keyword may have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why it must be there, where that is not plain.</param>
internal sealed record MissingProperty(string Name, string Reason)
{
    public static string? Write(List<MissingProperty>? missing) => missing is null ? null : JsonSerializer.Serialize(missing);

    public static IReadOnlyList<MissingProperty> Read(string error) => JsonSerializer.Deserialize<MissingProperty[]>(error)!;
}

internal sealed class RequiredCheck() : Assertion<string[]>(Keyword)
{
    public const string Keyword = "required";

    protected override string[] Read(JsonElement value) => [.. value.EnumerateArray().Select(x => x.GetString()!)];

    protected override string? Check(string[] value, JsonElement instance, MessageOptions options)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return null;

        List<MissingProperty>? missing = null;
        foreach (var name in value)
        {
            if (!SchemaJson.TryGet(instance, name, out _))
                (missing ??= []).Add(new MissingProperty(name, ""));
        }

        return MissingProperty.Write(missing);
    }
}

internal sealed class DependentRequiredCheck() : Assertion<Dictionary<string, string[]>>(Keyword)
{
    public const string Keyword = "dependentRequired";

    protected override Dictionary<string, string[]> Read(JsonElement value) =>
        value.EnumerateObject().ToDictionary(x => x.Name, x => x.Value.EnumerateArray().Select(y => y.GetString()!).ToArray(), StringComparer.Ordinal);

    protected override string? Check(Dictionary<string, string[]> value, JsonElement instance, MessageOptions options)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return null;

        List<MissingProperty>? missing = null;
        foreach (var (name, required) in value)
        {
            if (!SchemaJson.TryGet(instance, name, out _))
                continue;
            foreach (var other in required.Where(x => !SchemaJson.TryGet(instance, x, out _)))
                (missing ??= []).Add(new MissingProperty(other, $", which '{name}' needs beside it"));
        }

        return MissingProperty.Write(missing);
    }
}
