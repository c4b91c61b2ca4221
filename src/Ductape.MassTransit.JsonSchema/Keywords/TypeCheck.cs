using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary><c>type</c>. As since draft 6, 1.0 is an integer.</summary>
internal sealed class TypeCheck() : Assertion<TypeCheck.Allowed>("type")
{
    protected override Allowed Read(JsonElement value)
    {
        string[] types = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(x => x.GetString()!)] : [value.GetString()!];
        return new Allowed([.. types.Distinct()], $"must be {string.Join(" or ", types.Distinct().Select(NameOf))}, and is ");
    }

    protected override string? Check(Allowed value, JsonElement instance, MessageOptions options)
    {
        var type = instance.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.Null => "null",
            _ => "boolean",
        };
        foreach (var allowed in value.Types)
        {
            if (allowed == type || (allowed == "integer" && type == "number" && SchemaNumber.Read(instance).IsWhole))
                return null;
        }

        return value.Text + NameOf(type);
    }

    private static string NameOf(string type) => type switch
    {
        "object" => "an object",
        "array" => "a list",
        "integer" => "a whole number",
        "null" => "null",
        _ => $"a {type}",
    };

    public sealed record Allowed(string[] Types, string Text);
}
