using System.Text.Json;

namespace Ductape.MassTransit.SessionKeys;

/// <summary>The way to a claim: names, separated by dots, that descend into nested objects.</summary>
internal static class ClaimPath
{
    public static JsonElement? Find(JsonElement claims, ReadOnlySpan<char> path)
    {
        var value = claims;
        foreach (var name in path.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(path[name], out value))
                return null;
        }

        return value;
    }

    /// <summary>
    /// A string as it is, a number or a boolean as JSON writes it; null for anything else, which has no text.
    /// </summary>
    public static string? TextOf(JsonElement claim)
    {
        try
        {
            return claim.ValueKind switch
            {
                JsonValueKind.String => claim.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => claim.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which JSON can escape and no text can have.
            return null;
        }
    }
}
