using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit.Sessions;

/// <summary>The data of a session, which are the claims of its token without the library's own.</summary>
internal static class SessionData
{
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>.</exception>
    public static JsonElement Read(object? data, SessionType type, JsonSerializerOptions options)
    {
        if (data is null)
            throw type.Error(DuctapeErrorCodes.InvalidInput, "'data' is required and is missing: give a JSON object, as { \"userId\": \"user_1\" }.");

        ReadOnlyMemory<byte> utf8;
        try
        {
            utf8 = PayloadJson.ToUtf8(data, null, options);
        }
        // A property or a converter of the caller's own may throw anything.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw type.Error(DuctapeErrorCodes.InvalidInput, "'data' cannot be written as JSON.", exception);
        }

        if (ClaimNames.Problem(utf8.Span) is { } problem)
            throw type.Error(DuctapeErrorCodes.InvalidInput, $"'data' has {problem}, and a claim has a name of its own (RFC 7519, section 4). Rename it.");

        var json = JsonElement.Parse(utf8.Span);
        if (!IsText(json))
            throw type.Error(DuctapeErrorCodes.InvalidInput, "'data' has a string with half of a surrogate pair, which no text can have. Escape the whole pair, or none.");
        if (json.ValueKind != JsonValueKind.Object)
            throw type.Error(DuctapeErrorCodes.InvalidInput, "'data' is not a JSON object: give one, as { \"userId\": \"user_1\" }.");
        if (TokenClaims.All.FirstOrDefault(x => json.TryGetProperty(x, out _)) is { } reserved)
            throw type.Error(DuctapeErrorCodes.InvalidInput, $"'data.{reserved}' is reserved: the library sets it itself. Use another name.");
        if (type.Config.Selector.Find(json) is null)
        {
            throw type.Error(DuctapeErrorCodes.InvalidInput,
                $"'data' has no '{type.Config.Selector.Path}' with a plain value, which {type.Config.Path}:Selector says is the user.");
        }

        return json;
    }

    public static JsonElement Of(JsonElement claims)
    {
        var data = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(data))
        {
            writer.WriteStartObject();
            Write(claims.EnumerateObject().Where(x => !TokenClaims.All.Contains(x.Name)), writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(data.WrittenSpan);
    }

    /// <summary>
    /// Writes claims into an object. What is in them stays as it is written, whether it is a text or not.
    /// </summary>
    public static void Write(IEnumerable<JsonProperty> claims, Utf8JsonWriter writer)
    {
        foreach (var claim in claims)
        {
            writer.WritePropertyName(claim.Name);
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(claim.Value));
        }
    }

    // Half of a surrogate pair can be escaped, and cannot be written.
    private static bool IsText(JsonElement json)
    {
        try
        {
            using var writer = new Utf8JsonWriter(Stream.Null);
            json.WriteTo(writer);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
