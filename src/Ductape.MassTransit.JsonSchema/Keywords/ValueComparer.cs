using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>JSON by its value: 1.0 is 1, and the order of properties makes no other object.</summary>
internal sealed class ValueComparer : IEqualityComparer<JsonElement>
{
    public static readonly ValueComparer Instance = new();

    public bool Equals(JsonElement x, JsonElement y) => JsonElement.DeepEquals(x, y);

    public int GetHashCode([DisallowNull] JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var sum = 0;
                foreach (var property in value.EnumerateObject())
                    sum += HashCode.Combine(SchemaJson.NameOf(property), GetHashCode(property.Value));
                return sum;
            case JsonValueKind.Array:
                var hash = new HashCode();
                foreach (var element in value.EnumerateArray())
                    hash.Add(GetHashCode(element));
                return hash.ToHashCode();
            case JsonValueKind.Number:
                // Equal numbers are the same double.
                return SchemaNumber.Read(value).Approximate.GetHashCode();
            case JsonValueKind.String:
                return SchemaJson.TextOf(value).GetHashCode(StringComparison.Ordinal);
            default:
                return (int)value.ValueKind;
        }
    }
}
