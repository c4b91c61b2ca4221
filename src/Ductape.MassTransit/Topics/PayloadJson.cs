using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Ductape.MassTransit;

/// <summary>Messages to UTF-8 JSON. The one place of JSON options.</summary>
internal static class PayloadJson
{
    /// <summary>MassTransit reads at most 64 levels, and its envelope is one of them.</summary>
    private const int MaxDepth = 60;

    public static JsonSerializerOptions DefaultOptions { get; } = CreateDefaultOptions();

    /// <summary>The payload of a message. Bytes are checked and passed through untouched; everything else is serialized.</summary>
    /// <exception cref="JsonException">The bytes are not JSON, or anything is nested too deep.</exception>
    /// <exception cref="NotSupportedException">The object cannot be serialized.</exception>
    public static ReadOnlyMemory<byte> ToUtf8(object message, JsonSerializerOptions options) => message switch
    {
        byte[] bytes => Checked(bytes),
        ReadOnlyMemory<byte> bytes => Checked(bytes),
        Memory<byte> bytes => Checked(bytes),
        JsonElement or JsonNode or JsonDocument => Checked(JsonSerializer.SerializeToUtf8Bytes(message, message.GetType(), options)),
        _ => JsonSerializer.SerializeToUtf8Bytes(message, message.GetType(), options),
    };

    private static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
        }

        return json;
    }

    private static JsonSerializerOptions CreateDefaultOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // The payload is never put into HTML; escaping every non-ASCII character would only make it longer.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = MaxDepth,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
