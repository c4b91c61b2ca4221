using System.Buffers;
using System.Text;
using System.Text.Json;
using Ductape.MassTransit.Configuration.Catalog;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ductape.MassTransit.Sessions;

/// <summary>Issues the tokens of a session type that has a signing key.</summary>
internal sealed class TokenIssuer(SessionTypeConfig config, string env, string key, string? issuer, string? audience)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SigningCredentials _credentials = new(
        new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), config.Algorithms is [var first, ..] ? first : "HS256");

    /// <summary>A token, as <c>tag:jwt</c>, and when it expires.</summary>
    public (string Token, DateTimeOffset ExpiresAt) Issue(JsonElement data, string sessionId, DateTimeOffset now)
    {
        // A token says its times in whole seconds.
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + config.Lifetime).ToUnixTimeSeconds());
        return ($"{config.Tag}:{Handler.CreateToken(ClaimsOf(data, sessionId, now, expires), _credentials)}", expires);
    }

    private string ClaimsOf(JsonElement data, string sessionId, DateTimeOffset now, DateTimeOffset expires)
    {
        var claims = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(claims))
        {
            writer.WriteStartObject();
            SessionData.Write(data.EnumerateObject(), writer);
            writer.WriteString(TokenClaims.SessionId, sessionId);
            writer.WriteString(TokenClaims.TokenId, NewId.NextGuid().ToString("N"));
            writer.WriteNumber(TokenClaims.IssuedAt, now.ToUnixTimeSeconds());
            writer.WriteNumber(TokenClaims.ExpiresAt, expires.ToUnixTimeSeconds());
            if (issuer is not null)
                writer.WriteString(TokenClaims.Issuer, issuer);
            if (audience is not null)
                writer.WriteString(TokenClaims.Audience, audience);
            writer.WriteStartObject(TokenClaims.Ductape);
            writer.WriteString("tag", config.Tag);
            writer.WriteString("env", env);
            writer.WriteNumber("issued", now.ToUnixTimeMilliseconds());
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(claims.WrittenSpan);
    }
}
