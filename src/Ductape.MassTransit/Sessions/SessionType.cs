namespace Ductape.MassTransit;

/// <summary>A session type of a product in an environment: verifies its tokens.</summary>
internal sealed class SessionType(SessionTypeConfig config, string product, string env, SecretReferences secrets, TimeProvider time)
{
    private readonly VerifiedTokens _verified = new();
    private TokenValidator? _validator;

    public SessionTypeConfig Config => config;

    public string Product => product;

    public string Env => env;

    /// <summary>Verifies a token as of a moment.</summary>
    /// <param name="text">The token, bare or as <c>tag:jwt</c>.</param>
    /// <param name="at">The moment that its time is compared with.</param>
    /// <param name="cancellationToken">Gives up waiting for keys.</param>
    /// <exception cref="SessionKeysException">The keys cannot be had now.</exception>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SecretNotFound"/>.</exception>
    public async ValueTask<SessionCheck> VerifyAsync(string text, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // No JSON Web Token has a colon.
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && !text.AsSpan(0, colon).SequenceEqual(config.Tag))
            return SessionCheck.Refused("begins with another session tag: 'session.tag' and the tag before the token's colon must agree.");

        var length = text.Length - colon - 1;
        if (length > TokenValidator.MaxLength)
            return SessionCheck.Refused($"is too long: it has {length} characters, and at most {TokenValidator.MaxLength} are accepted.");

        var hash = TokenHash.Of(text.AsSpan(colon + 1));
        var session = _verified.Find(hash);
        if (session is null)
        {
            var validator = _validator ??= await CreateAsync(cancellationToken).ConfigureAwait(false);
            var check = await validator.ValidateAsync(text[(colon + 1)..], cancellationToken).ConfigureAwait(false);
            if (check.Session is null)
                return check;

            session = check.Session;
            if (session.TimeProblem(time.GetUtcNow(), config.ClockSkew) is null)
                _verified.Add(hash, session, time.GetUtcNow());
        }

        return session.TimeProblem(at, config.ClockSkew) is { } problem ? SessionCheck.Refused(problem) : new SessionCheck(session, null);
    }

    // Two first calls at once make two of them, which does no harm.
    private async ValueTask<TokenValidator> CreateAsync(CancellationToken cancellationToken)
    {
        var key = await secrets.ExpandAsync(config.Key, $"{config.Path}:{config.KeyKind}", cancellationToken).ConfigureAwait(false);
        var issuer = await ExpandAsync(config.Issuer, "Issuer", cancellationToken).ConfigureAwait(false);
        var audience = await ExpandAsync(config.Audience, "Audience", cancellationToken).ConfigureAwait(false);
        return new TokenValidator(config, env, KeysOf(key), issuer, audience);
    }

    private async ValueTask<string?> ExpandAsync(string? text, string option, CancellationToken cancellationToken) =>
        text is null ? null : await secrets.ExpandAsync(text, $"{config.Path}:{option}", cancellationToken).ConfigureAwait(false);

    private ISessionKeys KeysOf(string key)
    {
        if (config.KeyKind is SessionKeyKind.JwksUri or SessionKeyKind.Authority)
        {
            return SessionAddress.Problem(key) is { } problem
                ? throw new SessionKeysException($"{config.Path}:{config.KeyKind} {problem}")
                : new FetchedSessionKeys(config, key, time);
        }

        // Only what came out of a secret was not checked at start-up.
        var problems = new List<string>();
        var set = SessionKeySet.Read(config.KeyKind, key, config.Algorithms, config.Path, problems);
        return problems.Count == 0 ? new GivenSessionKeys(set) : throw new SessionKeysException(string.Join(' ', problems));
    }
}
