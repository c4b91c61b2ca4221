using System.Text.Json;
using Ductape.MassTransit.SessionKeys;

namespace Ductape.MassTransit.Sessions;

/// <summary>The claims of a token that the library itself reads and writes. Source: RFC 7519, section 4.1.</summary>
internal static class TokenClaims
{
    public const string Issuer = "iss";
    public const string Audience = "aud";
    public const string ExpiresAt = "exp";
    public const string NotBefore = "nbf";
    public const string IssuedAt = "iat";
    public const string TokenId = "jti";
    public const string SessionId = "sid";

    /// <summary>
    /// Ours, in tokens that are issued here: for which session type and environment, and when to the millisecond.
    /// </summary>
    public const string Ductape = "ductape";

    public static readonly string[] All = [Issuer, Audience, ExpiresAt, NotBefore, IssuedAt, TokenId, SessionId, Ductape];

    public static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && ClaimPath.TextOf(value) is { Length: > 0 } text ? text : null;

    /// <summary>A moment in seconds since 1970; false where it is there and no such number.</summary>
    public static bool TryTime(JsonElement claims, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || !double.IsFinite(seconds))
            return false;

        const double Latest = 253_402_300_799;
        time = DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(seconds, 0, Latest));
        return true;
    }
}
