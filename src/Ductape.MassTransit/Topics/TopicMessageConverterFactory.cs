using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// Makes the payload itself the JSON of a topic message. Named by an attribute on every emitted type.
/// </summary>
internal sealed class TopicMessageConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsSubclassOf(typeof(TopicMessage));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
        where T : TopicMessage, new()
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new T { Body = JsonMarshal.GetRawUtf8Value(document.RootElement).ToArray() };
        }

        // The payload was checked to be JSON before it got here.
        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Body.Span, skipInputValidation: true);
    }
}
