using System.Text;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.SessionKeys;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Sessions;

/// <summary>A session type of a product in an environment: verifies its tokens.</summary>
internal sealed class SessionType(
    SessionTypeConfig config, string product, string env, SessionStore store, TimeProvider time, ILogger logger)
{
    private readonly VerifiedTokens _verified = new();
    private byte[]? _proofKey;
    private volatile TokenValidator? _validator;

    private TokenIssuer? _issuer;

    public SessionTypeConfig Config => config;

    public SessionRevocations Revocations { get; } = new(store, config, KeyPrefix(product, env, config.Tag));

    public RefreshTokens RefreshTokens { get; } = new(store, config, KeyPrefix(product, env, config.Tag), time);

    public SessionIndex Index { get; } = new(store, KeyPrefix(product, env, config.Tag), time);

    /// <summary>Verifies a token now, also that it was not revoked.</summary>
    /// <inheritdoc cref="VerifyAsync(string, DateTimeOffset, CancellationToken)"/>
    public async ValueTask<TokenVerdict> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        var check = await VerifyAsync(text, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (check.Session is null)
            return check;

        try
        {
            return await Revocations.AreRevokedAsync(check.Session, cancellationToken).ConfigureAwait(false)
                ? TokenVerdict.Refused("was revoked. Start a new session.")
                : check;
        }
        catch (DuctapeException exception) when (exception.Code == DuctapeErrorCodes.CacheFailed)
        {
            throw new SessionKeysException("whether it was revoked cannot be found out: the application's IDistributedCache failed.", exception.InnerException);
        }
    }

    /// <summary>Verifies a token as of a moment; revocations are not looked at.</summary>
    /// <param name="text">The token, bare or as <c>tag:jwt</c>.</param>
    /// <param name="at">The moment that its time is compared with.</param>
    /// <param name="cancellationToken">Gives up waiting for keys.</param>
    /// <exception cref="SessionKeysException">The keys cannot be had now.</exception>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SecretNotFound"/>.</exception>
    public async ValueTask<TokenVerdict> VerifyAsync(string text, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // No JSON Web Token has a colon.
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && !text.AsSpan(0, colon).Equals(config.Tag, StringComparison.OrdinalIgnoreCase))
            return TokenVerdict.Refused("begins with another session tag: 'session.tag' and the tag before the token's colon must agree.");

        var length = text.Length - colon - 1;
        if (length > TokenValidator.MaxLength)
            return TokenVerdict.Refused($"is too long: it has {length} characters, and at most {TokenValidator.MaxLength} are accepted.");

        var hash = TokenHash.Of(text.AsSpan(colon + 1));
        var session = _verified.Find(hash);
        var validator = _validator ?? await ValidatorAsync(cancellationToken).ConfigureAwait(false);
        if (session is null || session.Keys != await validator.GetKeysAsync(cancellationToken).ConfigureAwait(false))
        {
            var check = await validator.ValidateAsync(text[(colon + 1)..], cancellationToken).ConfigureAwait(false);
            if (check.Session is null)
                return check;

            session = check.Session;
            session.ProofKey = _proofKey;
            if (session.TimeProblem(time.GetUtcNow(), config.ClockSkew) is null)
                _verified.Set(hash, session, time.GetUtcNow());
        }

        return session.TimeProblem(at, config.ClockSkew) is { } problem ? TokenVerdict.Refused(problem) : new TokenVerdict(session, null);
    }

    /// <summary>The key of proofs, or null where the session type has no shared secret.</summary>
    /// <exception cref="SessionKeysException">The key cannot be had now.</exception>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SecretNotFound"/>.</exception>
    public async ValueTask<byte[]?> ProofKeyAsync(CancellationToken cancellationToken)
    {
        await ValidatorAsync(cancellationToken).ConfigureAwait(false);
        return _proofKey;
    }

    /// <summary>What issues tokens, or null where the session type has no signing key.</summary>
    /// <exception cref="SessionKeysException">The key cannot be had now.</exception>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SecretNotFound"/>.</exception>
    public async ValueTask<TokenIssuer?> IssuerAsync(CancellationToken cancellationToken)
    {
        if (config.KeyKind == SessionKeyKind.SigningKey)
            await ValidatorAsync(cancellationToken).ConfigureAwait(false);
        return _issuer;
    }

    /// <summary>The error for what went wrong with this session type.</summary>
    public DuctapeException Error(string code, string message, Exception? cause = null) =>
        new(code, message, cause) { Env = env, ProductTag = product };

    private static string KeyPrefix(string product, string env, string tag) => $"ductape:session:{product}:{env}:{tag}";

    // Two first calls at once make two of them, which does no harm.
    private async ValueTask<TokenValidator> ValidatorAsync(CancellationToken cancellationToken)
    {
        if (_validator is { } known)
            return known;

        var key = await config.Secrets.ExpandAsync(config.Key, $"{config.Path}:{config.KeyKind}", cancellationToken).ConfigureAwait(false);
        var issuer = await ExpandAsync(config.Issuer, "Issuer", cancellationToken).ConfigureAwait(false);
        var audience = await ExpandAsync(config.Audience, "Audience", cancellationToken).ConfigureAwait(false);
        var validator = new TokenValidator(config, env, KeysOf(key), issuer, audience);
        if (config.KeyKind == SessionKeyKind.SigningKey)
        {
            _proofKey = SessionProof.KeyOf(Encoding.UTF8.GetBytes(key));
            _issuer = new TokenIssuer(config, env, key, issuer, audience);
        }

        return _validator = validator;
    }

    private async ValueTask<string?> ExpandAsync(string? text, string option, CancellationToken cancellationToken) =>
        text is null ? null : await config.Secrets.ExpandAsync(text, $"{config.Path}:{option}", cancellationToken).ConfigureAwait(false);

    private ISessionKeys KeysOf(string key)
    {
        if (config.KeyKind is SessionKeyKind.JwksUri or SessionKeyKind.Authority)
        {
            return SessionAddress.Problem(key, $"{config.Path}:{config.KeyKind}") is { } problem
                ? throw new SessionKeysException(problem.ToString())
                : FetchedKeysOf(key);
        }

        // Only what came out of a secret was not checked at start-up.
        var problems = new List<ConfigurationProblem>();
        var set = SessionKeySet.Read(config.KeyKind, key, config.Algorithms, config.Path, problems);
        return problems.Count == 0 ? new GivenSessionKeys(set) : throw new SessionKeysException(string.Join(' ', problems));
    }

    private FetchedSessionKeys FetchedKeysOf(string address)
    {
        // Credentials may also be written into an address as they are.
        var url = new Uri(address);
        foreach (var credential in (string[])[url.UserInfo, .. url.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString), url.Query.TrimStart('?')])
            config.Secrets.Mask.Add("***", credential);
        return new FetchedSessionKeys(config, address, time, logger);
    }
}
