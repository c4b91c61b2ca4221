using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Ductape.MassTransit.Json;

/// <summary>
/// Texts of a document that anybody may have written. JSON allows half of a surrogate pair and .NET's reader any bytes
/// inside a string; neither can be a text, and reading one as such throws. They are shown as they are written: escapes
/// as escapes, bytes that are not UTF-8 as U+FFFD.
/// </summary>
internal static class LenientJsonText
{
    /// <summary>
    /// Deeper than anybody reads: an envelope shows what is in it, and its ids select it, even where the payload was
    /// too deep to be handled.
    /// </summary>
    public static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>The text of a string.</summary>
    public static string Of(JsonElement text)
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

    /// <summary>The name of a property.</summary>
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
}
