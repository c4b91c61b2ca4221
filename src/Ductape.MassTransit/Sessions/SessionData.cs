using System.Text.Json;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit.Sessions;

/// <summary>The data of a session, which are the claims of its token without the library's own.</summary>
internal static class SessionData
{
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>.</exception>
    public static JsonElement Read(object data, SessionType type, JsonSerializerOptions options)
    {
        JsonElement json;
        try
        {
            json = JsonElement.Parse(PayloadJson.ToUtf8(data, null, options).Span);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw type.Error(DuctapeErrorCodes.InvalidInput, "'data' cannot be written as JSON.", exception);
        }

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
        var data = JsonObject.Create(claims)!;
        foreach (var name in TokenClaims.All)
            data.Remove(name);
        return JsonSerializer.SerializeToElement(data);
    }
}
