using System.Collections.Immutable;
using System.Text.Json;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>Where in a message its partition key is: names with dots between.</summary>
internal sealed class PartitionKeyPath
{
    private readonly ImmutableArray<string> _names;

    private PartitionKeyPath(string path) => _names = [.. path.Split('.')];

    public override string ToString() => string.Join('.', _names);

    /// <summary>Null where the path is malformed.</summary>
    public static PartitionKeyPath? TryParse(string path) =>
        path.Split('.').All(x => x.Length > 0 && !x.Any(char.IsWhiteSpace)) ? new PartitionKeyPath(path) : null;

    /// <summary>A string, or a number as it is written; null for anything else and where there is nothing.</summary>
    /// <param name="payload">JSON.</param>
    public string? Find(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        foreach (var name in _names)
        {
            if (!Enter(ref reader, name))
                return null;
        }

        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString() is { Length: > 0 } text ? text : null,
            JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
            _ => null,
        };
    }

    // To the value of a property of the object that the reader is at.
    private static bool Enter(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
                return true;

            reader.Skip();
        }

        return false;
    }
}
