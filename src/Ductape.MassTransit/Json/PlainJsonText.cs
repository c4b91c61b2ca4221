using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Ductape.MassTransit.Json;

/// <summary>Texts in the bytes of a document that can be read in one way alone.</summary>
internal static class PlainJsonText
{
    /// <summary>Whether the reader is at a string without escapes whose bytes are UTF-8.</summary>
    public static bool IsAt(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && Utf8.IsValid(reader.ValueSpan);

    /// <summary>Whether a text is empty or white space.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> text)
    {
        foreach (var x in text)
        {
            // Anything outside of ASCII may be white space too.
            if (x is > (byte)' ' and < 0x7F)
                return false;
        }

        return string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(text));
    }
}
