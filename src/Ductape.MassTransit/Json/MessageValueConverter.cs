using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ductape.MassTransit.Json;

/// <summary>
/// Reads the message of an input as the JSON it is, and writes UTF-8 JSON bytes as JSON instead of Base64.
/// </summary>
internal sealed class MessageValueConverter : JsonConverter<object?>
{
    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case byte[] bytes:
                writer.WriteRawValue(bytes);
                break;
            case ReadOnlyMemory<byte> memory:
                writer.WriteRawValue(memory.Span);
                break;
            case Memory<byte> memory:
                writer.WriteRawValue(memory.Span);
                break;
            default:
                JsonSerializer.Serialize(writer, value, value.GetType(), options);
                break;
        }
    }
}
