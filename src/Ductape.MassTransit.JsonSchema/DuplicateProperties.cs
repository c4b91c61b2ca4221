using System.Text;
using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>
/// Finds the properties that are in an object more than once. JSON Schema would check one of them, and a receiver may
/// read the other.
/// </summary>
internal static class DuplicateProperties
{
    public static void Find(ReadOnlySpan<byte> json, DifferenceList differences)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Value(ref reader, [], differences);
    }

    private static void Value(ref Utf8JsonReader reader, List<string> at, DifferenceList differences)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            Object(ref reader, at, differences);
        else if (reader.TokenType == JsonTokenType.StartArray)
            Array(ref reader, at, differences);
    }

    private static void Object(ref Utf8JsonReader reader, List<string> at, DifferenceList differences)
    {
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = NameOf(reader);
            at.Add(name);
            times[name] = times.GetValueOrDefault(name) + 1;
            if (times[name] == 2)
                differences.AddTwice(SchemaJson.PointerOf(at));
            reader.Read();
            Value(ref reader, at, differences);
            at.RemoveAt(at.Count - 1);
        }
    }

    private static void Array(ref Utf8JsonReader reader, List<string> at, DifferenceList differences)
    {
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                continue;

            at.Add($"{i}");
            Value(ref reader, at, differences);
            at.RemoveAt(at.Count - 1);
        }
    }

    private static string NameOf(in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
