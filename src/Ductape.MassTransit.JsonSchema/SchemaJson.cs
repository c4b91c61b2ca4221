using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>Reading and writing JSON.</summary>
internal static class SchemaJson
{
    /// <summary>Writes letters of every script as they are.</summary>
    public static JsonSerializerOptions Relaxed { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of a string, also of one with half of a surrogate pair, which no text can have.</summary>
    public static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(text)[1..^1]);
        }
    }

    /// <summary>The same of a property's name.</summary>
    public static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }

    /// <summary>A property of an object, which may have others whose names no text can have.</summary>
    public static bool TryGet(JsonElement members, string name, out JsonElement value)
    {
        try
        {
            return members.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            value = members.EnumerateObject().LastOrDefault(x => NameOf(x) == name).Value;
            return value.ValueKind != JsonValueKind.Undefined;
        }
    }

    /// <summary>A JSON pointer; the root, which RFC 6901 writes as nothing, is <c>(root)</c>.</summary>
    public static string PointerOf(IReadOnlyCollection<string> steps) => steps.Count == 0 ? "(root)" : string.Concat(steps.Select(Step));

    /// <summary>One step of a pointer, with its slash.</summary>
    public static string Step(string name) =>
        "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
