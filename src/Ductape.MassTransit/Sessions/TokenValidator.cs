using System.Text.Json;
using System.Text.Unicode;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.SessionKeys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// Validates what a token says once and for all: signature, issuer, audience, claims. Its time is judged by
/// <see cref="VerifiedSession.TimeProblem"/>, by our clock and anew each time, because a token is kept once it is
/// validated.
/// </summary>
internal sealed class TokenValidator(SessionTypeConfig config, string env, ISessionKeys keys, string? issuer, string? audience)
{
    public const int MaxLength = 16 * 1024;

    private const string Malformed = "is not a signed JSON Web Token (RFC 7519): three parts, separated by dots, each in base64url, "
        + "the first two JSON objects with times in seconds.";

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = MaxLength };

    private volatile KeyedParameters? _parameters;

    /// <summary>
    /// The keys that count now: a token is valid only as long as they are those that it was validated with.
    /// </summary>
    /// <exception cref="SessionKeysException">The keys cannot be had now.</exception>
    public ValueTask<SessionKeySet> GetKeysAsync(CancellationToken cancellationToken) => keys.GetAsync(cancellationToken);

    /// <exception cref="SessionKeysException">The keys cannot be had now.</exception>
    public async ValueTask<TokenVerdict> ValidateAsync(string text, CancellationToken cancellationToken)
    {
        if (TryRead(text) is not { } token)
            return TokenVerdict.Refused(Malformed);

        var set = await keys.GetAsync(cancellationToken).ConfigureAwait(false);
        if (HeaderProblem(token, set) is { } headerProblem)
            return TokenVerdict.Refused(headerProblem);

        if (set.Keys.IsEmpty)
            set = await keys.GetNewerAsync(set, cancellationToken).ConfigureAwait(false);
        var result = await ValidateAsync(token, set).ConfigureAwait(false);
        // The issuer may sign with a new key, also under the name of the old one.
        if (result.Exception is SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException
            && await keys.GetNewerAsync(set, cancellationToken).ConfigureAwait(false) is var newer && newer != set)
        {
            set = newer;
            result = await ValidateAsync(token, set).ConfigureAwait(false);
        }

        return result.IsValid ? Read(token, text, set) : TokenVerdict.Refused(ProblemOf(result.Exception, token, set));
    }

    private Task<TokenValidationResult> ValidateAsync(JsonWebToken token, SessionKeySet set) => set.Keys.IsEmpty
        ? throw new SessionKeysException($"{config.Path}:{config.KeyKind} publishes no key for {string.Join(", ", set.Algorithms)}.")
        : Handler.ValidateTokenAsync(token, ParametersOf(set));

    private static JsonWebToken? TryRead(string text)
    {
        try
        {
            return text.AsSpan().Count('.') == 2 ? new JsonWebToken(text) : null;
        }
        catch (Exception)
        {
            // Whatever it is that a stranger sent; the exception might quote it.
            return null;
        }
    }

    private string? HeaderProblem(JsonWebToken token, SessionKeySet set)
    {
        if (string.IsNullOrEmpty(token.Alg) || string.Equals(token.Alg, "none", StringComparison.OrdinalIgnoreCase))
            return "is not signed: its algorithm is 'none'.";
        if (!set.Algorithms.Contains(token.Alg))
        {
            return $"is signed with {(SessionAlgorithm.Find(token.Alg) is { } known ? known.Name : "an algorithm that is not known")}, and "
                + $"{config.Path} accepts {string.Join(", ", set.Algorithms)}.";
        }

        return token.TryGetHeaderValue<object>("crit", out _) ? "demands an extension ('crit') that is not supported." : null;
    }

    private TokenValidationParameters ParametersOf(SessionKeySet set)
    {
        if (_parameters is { } known && known.Keys == set)
            return known.Parameters;

        var validIssuer = issuer ?? set.Issuer;
        var parameters = new TokenValidationParameters
        {
            IssuerSigningKeys = set.Keys,
            ValidAlgorithms = set.Algorithms,
            RequireSignedTokens = true,
            ValidateIssuer = validIssuer is not null,
            ValidIssuer = validIssuer,
            ValidateAudience = audience is not null,
            ValidAudience = audience,
            // Judged by our own clock.
            ValidateLifetime = false,
            LogValidationExceptions = false,
        };
        _parameters = new KeyedParameters(set, parameters);
        return parameters;
    }

    // Nothing of the exceptions is repeated: their messages may quote the token.
    private string ProblemOf(Exception exception, JsonWebToken token, SessionKeySet set) => exception switch
    {
        SecurityTokenInvalidIssuerException => $"has not the issuer '{config.Issuer ?? config.Secrets.Mask.Hide(set.Issuer ?? "")}'.",
        SecurityTokenInvalidAudienceException => $"is not meant for the audience '{config.Audience}'.",
        SecurityTokenSignatureKeyNotFoundException when token.Kid is { Length: > 0 } kid && config.KeyKind > SessionKeyKind.PublicKey
            && set.Keys.All(x => x.KeyId != kid) => $"is signed with a key that is not among those of {config.Path}:{config.KeyKind}.",
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException =>
            $"has a signature that does not fit its content and {config.Path}:{config.KeyKind}.",
        _ => Malformed,
    };

    private TokenVerdict Read(JsonWebToken token, string text, SessionKeySet set)
    {
        JsonElement claims;
        string? nameProblem;
        try
        {
            var utf8 = Base64UrlEncoder.DecodeBytes(token.EncodedPayload);
            if (!Utf8.IsValid(utf8))
                return TokenVerdict.Refused(Malformed);

            claims = JsonElement.Parse(utf8);
            nameProblem = ClaimNames.Problem(utf8);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return TokenVerdict.Refused(Malformed);
        }

        if (claims.ValueKind != JsonValueKind.Object)
            return TokenVerdict.Refused(Malformed);
        if (nameProblem is not null)
            return TokenVerdict.Refused($"has {nameProblem} among its claims, so that two who read it may not read the same.");
        if (!TokenClaims.TryTime(claims, TokenClaims.ExpiresAt, out var expires) || expires is null)
            return TokenVerdict.Refused("has no expiry ('exp'), so that it would be valid for ever.");
        if (!TokenClaims.TryTime(claims, TokenClaims.NotBefore, out var notBefore) || !TokenClaims.TryTime(claims, TokenClaims.IssuedAt, out var issued))
            return TokenVerdict.Refused(Malformed);
        if (config.Selector.Find(claims) is not { } user)
            return TokenVerdict.Refused($"has no claim '{config.Selector.Path}' with a plain value, which {config.Path}:Selector says is the user.");

        if (claims.TryGetProperty(TokenClaims.Ductape, out var own) && own.ValueKind == JsonValueKind.Object)
        {
            if (!Tags.Same(TokenClaims.Text(own, "tag"), config.Tag))
                return TokenVerdict.Refused("was issued for another session type.");
            if (!Tags.Same(TokenClaims.Text(own, "env"), env))
                return TokenVerdict.Refused("was issued for another environment.");
            if (own.TryGetProperty("issued", out var exact) && exact.TryGetInt64(out var milliseconds) && milliseconds >= 0)
                issued = DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
        }

        return new TokenVerdict(
            new VerifiedSession
            {
                Tag = config.Tag,
                Id = TokenClaims.Text(claims, TokenClaims.SessionId) ?? TokenClaims.Text(claims, TokenClaims.TokenId),
                User = user,
                ExpiresAt = expires.Value,
                NotBefore = notBefore,
                IssuedAt = issued,
                Claims = claims,
                Token = text,
                Forward = config.Forward,
                Keys = set,
            },
            null);
    }

    private sealed record KeyedParameters(SessionKeySet Keys, TokenValidationParameters Parameters);
}
