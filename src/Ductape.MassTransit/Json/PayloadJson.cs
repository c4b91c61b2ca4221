using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace Ductape.MassTransit.Json;

/// <summary>Messages to UTF-8 JSON. The one place of JSON options.</summary>
internal static class PayloadJson
{
    /// <summary>MassTransit reads at most 64 levels, and its envelope is one of them.</summary>
    private const int MaxDepth = 60;

    public static JsonSerializerOptions DefaultOptions { get; } = CreateDefaultOptions();

    /// <summary>
    /// The payload of a message. Bytes are checked and passed through untouched, but for white space around them, which
    /// an envelope cannot carry; everything else is serialized.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="declared">The type that its publisher declared it as, or null.</param>
    /// <param name="options">How to write it.</param>
    /// <exception cref="JsonException">The bytes are not UTF-8 JSON, or anything is nested too deep.</exception>
    /// <exception cref="NotSupportedException">The object cannot be serialized.</exception>
    /// <exception cref="ArgumentException">The object holds a number that JSON does not have.</exception>
    /// <exception cref="InvalidOperationException">The document was disposed.</exception>
    public static ReadOnlyMemory<byte> ToUtf8(object message, Type? declared, JsonSerializerOptions options) => message switch
    {
        byte[] bytes => Checked(bytes),
        ReadOnlyMemory<byte> bytes => Checked(bytes),
        Memory<byte> bytes => Checked(bytes),
        _ => Serialized(message, DeclaredTypes.Choose(message, declared, options), options),
    };

    /// <summary>The JSON without white space around it.</summary>
    /// <exception cref="JsonException">It is not UTF-8 JSON, or nested too deep.</exception>
    public static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> json)
    {
        json = json.Trim(" \t\r\n"u8);
        if (!Utf8.IsValid(json.Span))
            throw new JsonException("The bytes are not UTF-8.");

        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
        }

        return json;
    }

    public static bool IsNull(ReadOnlySpan<byte> payload) => payload.SequenceEqual("null"u8);

    // The serializer itself holds objects to its own depth; nodes and elements it writes however deep they are.
    private static ReadOnlyMemory<byte> Serialized(object message, Type type, JsonSerializerOptions options)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message, type, options);
        return options.MaxDepth is > 0 and <= MaxDepth && message is not (JsonElement or JsonNode or JsonDocument) ? json : Checked(json);
    }

    private static JsonSerializerOptions CreateDefaultOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // The payload is never put into HTML; escaping every non-ASCII character would only make it longer.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = MaxDepth,
            // Other serializers write what type a value is of wherever they like.
            AllowOutOfOrderMetadataProperties = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
