using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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
        var claims = JsonObject.Create(data)!;
        claims[TokenClaims.SessionId] = sessionId;
        claims[TokenClaims.TokenId] = NewId.NextGuid().ToString("N");
        claims[TokenClaims.IssuedAt] = now.ToUnixTimeSeconds();
        claims[TokenClaims.ExpiresAt] = expires.ToUnixTimeSeconds();
        if (issuer is not null)
            claims[TokenClaims.Issuer] = issuer;
        if (audience is not null)
            claims[TokenClaims.Audience] = audience;
        claims[TokenClaims.Ductape] = new JsonObject { ["tag"] = config.Tag, ["env"] = env, ["issued"] = now.ToUnixTimeMilliseconds() };
        return ($"{config.Tag}:{Handler.CreateToken(claims.ToJsonString(), _credentials)}", expires);
    }
}
