using System.Text.Json;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Sessions;

internal sealed class TokenSessions(
    CurrentCatalog catalog, CallDefaults defaults, SessionTypes types, OperatorTrail trail, TimeProvider time) : ISessions
{
    public async Task<StartedSession> StartAsync(
        string tag, object data, string? product, string? env, CancellationToken cancellationToken)
    {
        var type = Find(product, env, tag);
        var claims = SessionData.Read(data, type, catalog.Options.SerializerOptions);
        return await IssueAsync(type, NewId.NextGuid().ToString("N"), time.GetUtcNow(), claims, cancellationToken).ConfigureAwait(false);
    }

    public async Task<SessionVerification> VerifyAsync(
        string tag, string token, string? product, string? env, CancellationToken cancellationToken)
    {
        var type = Find(product, env, tag);
        var check = string.IsNullOrWhiteSpace(token)
            ? TokenVerdict.Refused("is missing or blank.")
            : await GuardAsync(type, () => type.VerifyAsync(token, cancellationToken)).ConfigureAwait(false);
        return check.Session is { } session
            ? new SessionVerification(true, SessionData.Of(session.Claims), session.Id, session.ExpiresAt, null)
            : new SessionVerification(false, null, null, null, $"the token of the session '{tag}' {check.Refusal}");
    }

    public async Task<StartedSession> RefreshAsync(
        string tag, string refreshToken, string? product, string? env, CancellationToken cancellationToken)
    {
        var type = Find(product, env, tag);
        var (refresh, refusal) = string.IsNullOrWhiteSpace(refreshToken)
            ? (null, "is missing or blank.")
            : await type.RefreshTokens.SpendAsync(refreshToken, cancellationToken).ConfigureAwait(false);
        if (refresh is not null
            && await type.Revocations.IsRevokedAsync(refresh.SessionId, refresh.User, refresh.IssuedAt, cancellationToken).ConfigureAwait(false))
            refusal = "is of a session that was revoked.";
        if (refusal is not null)
            throw type.Error(DuctapeErrorCodes.SessionInvalid, $"the refresh token of the session '{tag}' {refusal} Start a new session.");

        return await IssueAsync(type, refresh!.SessionId, refresh.StartedAt, refresh.Data!.Value, cancellationToken).ConfigureAwait(false);
    }

    public Task RevokeAsync(
        string tag, string? sessionId, string? user, string? product, string? env, string? who, CancellationToken cancellationToken)
    {
        var type = Find(product, env, tag);
        if (string.IsNullOrWhiteSpace(sessionId) == string.IsNullOrWhiteSpace(user))
            throw type.Error(DuctapeErrorCodes.InvalidInput, "give either the session id ('sessionId') or the user ('user') whose sessions to revoke.");

        var at = time.GetUtcNow();
        var asked = new OperatorAction
        {
            Action = OperatorActionKind.Revoke,
            Target = type.Config.Tag,
            ProductTag = catalog.FindProduct(defaults.Product(product)).Tag,
            Env = defaults.Env(env),
            Details = string.IsNullOrWhiteSpace(sessionId)
                ? new Dictionary<string, object?> { ["user"] = user }
                : new Dictionary<string, object?> { ["session_id"] = sessionId },
            Who = who,
            At = at,
        };
        return trail.RunAsync(asked, () => string.IsNullOrWhiteSpace(sessionId)
            ? type.Revocations.RevokeUserAsync(user!, at, cancellationToken)
            : type.Revocations.RevokeSessionAsync(sessionId, at, cancellationToken));
    }

    public async Task<ActiveSessions> ListActiveAsync(
        string tag, string? user, int page, int limit, string? product, string? env, CancellationToken cancellationToken)
    {
        var type = Find(product, env, tag);
        if (page < 1)
            throw type.Error(DuctapeErrorCodes.InvalidInput, $"'page' is {page}; pages count from 1.");
        if (limit is < 1 or > 1000)
            throw type.Error(DuctapeErrorCodes.InvalidInput, $"'limit' is {limit}; it must be from 1 to 1000.");

        var active = new List<ActiveSession>();
        foreach (var session in await type.Index.ListAsync(user, cancellationToken).ConfigureAwait(false))
        {
            if (!await type.Revocations.IsRevokedAsync(session.SessionId, session.User, session.StartedAt, cancellationToken).ConfigureAwait(false))
                active.Add(session);
        }

        var ordered = active.OrderByDescending(x => x.StartedAt).ThenBy(x => x.SessionId, StringComparer.Ordinal);
        return new ActiveSessions([.. ordered.Skip((int)Math.Min((page - 1L) * limit, int.MaxValue)).Take(limit)], active.Count, page, limit);
    }

    private async Task<StartedSession> IssueAsync(
        SessionType type, string sessionId, DateTimeOffset startedAt, JsonElement data, CancellationToken cancellationToken)
    {
        var issuer = await GuardAsync(type, () => type.IssuerAsync(cancellationToken)).ConfigureAwait(false)
            ?? throw type.Error(DuctapeErrorCodes.SessionInvalid,
                $"the session '{type.Config.Tag}' cannot issue tokens: it has a {type.Config.KeyKind}, and only who has a SigningKey can sign.");
        var (token, expires) = issuer.Issue(data, sessionId, time.GetUtcNow());
        if (token.Length - type.Config.Tag.Length - 1 > TokenValidator.MaxLength)
        {
            throw type.Error(DuctapeErrorCodes.InvalidInput,
                $"'data' is too much for a token: with it the token has {token.Length} characters, and at most {TokenValidator.MaxLength} are accepted.");
        }

        var user = type.Config.Selector.Find(data)!;
        await type.Index.SetAsync(new ActiveSession(sessionId, user, startedAt, expires), cancellationToken).ConfigureAwait(false);
        var refresh = await type.RefreshTokens.IssueAsync(sessionId, user, startedAt, data, cancellationToken).ConfigureAwait(false);
        return new StartedSession(token, refresh, sessionId, expires);
    }

    private SessionType Find(string? product, string? env, string tag)
    {
        var config = catalog.FindProduct(defaults.Product(product));
        var productTag = config.Tag;
        var envTag = defaults.Env(env);
        var envs = config.Envs.Keys;
        if (envs.Length > 0 && !config.Envs.ContainsKey(envTag))
        {
            throw new DuctapeException(DuctapeErrorCodes.BrokerEnvNotFound,
                $"no broker of '{productTag}' has the environment '{envTag}'.{NearMiss.HintOrList(envTag, envs)}")
            { ProductTag = productTag, Env = envTag };
        }

        return types.Find(productTag, envTag, tag ?? "")
            ?? throw new DuctapeException(DuctapeErrorCodes.SessionInvalid,
                $"the product '{productTag}' has no session {SessionInput.Shown(tag)}.{NearMiss.HintOrList(tag ?? "", config.Sessions.Keys)}")
            { ProductTag = productTag, Env = envTag };
    }

    private static async ValueTask<T> GuardAsync<T>(SessionType type, Func<ValueTask<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (SessionKeysException exception)
        {
            throw type.Error(DuctapeErrorCodes.SessionInvalid,
                $"the session '{type.Config.Tag}' cannot be used: {exception.Message}", exception.InnerException);
        }
    }
}
