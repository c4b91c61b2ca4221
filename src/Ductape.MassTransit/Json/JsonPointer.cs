using System.Text;
using System.Text.Json;

namespace Ductape.MassTransit.Json;

/// <summary>
/// Where a value stands in a document, for messages. Source: RFC 6901; the root, which it writes as nothing, is
/// <c>(root)</c>.
/// </summary>
internal static class JsonPointer
{
    public const string Root = "(root)";

    /// <summary>The pointer of the value whose token begins at an offset.</summary>
    /// <param name="json">The document, valid.</param>
    /// <param name="offset">The offset of the token in bytes.</param>
    public static string At(ReadOnlySpan<byte> json, long offset)
    {
        // Of every object and list that is open, the name or index that was reached.
        var steps = new List<string>();
        var indexes = new List<int>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                steps[^1] = TextOf(reader);
                continue;
            }

            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                steps.RemoveAt(steps.Count - 1);
                indexes.RemoveAt(indexes.Count - 1);
                continue;
            }

            if (indexes.Count > 0 && indexes[^1] >= 0)
                steps[^1] = $"{indexes[^1]++}";
            if (reader.TokenStartIndex >= offset)
                break;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                steps.Add("");
                indexes.Add(reader.TokenType == JsonTokenType.StartArray ? 0 : -1);
            }
        }

        return Of(steps);
    }

    public static string Of(IReadOnlyCollection<string> steps) => steps.Count == 0 ? Root : string.Concat(steps.Select(Step));

    /// <summary>One step, with its slash.</summary>
    public static string Step(string name) =>
        "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>
    /// The text of a string or name, also of one with half of a surrogate pair, which no text can have.
    /// </summary>
    public static string TextOf(in Utf8JsonReader reader)
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
