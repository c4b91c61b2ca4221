using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit.Sessions;

/// <summary>Which sessions of a session type were revoked.</summary>
internal sealed class SessionRevocations(SessionStore store, SessionTypeConfig config, string keyPrefix)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(366);

    private readonly TimeSpan _keptFor = config.Lifetime > Shortest ? config.Lifetime : Shortest;

    public Task RevokeSessionAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.SetAsync(SessionKey(id), now.ToUnixTimeMilliseconds(), _keptFor, cancellationToken);

    /// <summary>Revokes what a user was given until now; what the user is given later is valid.</summary>
    public Task RevokeUserAsync(string user, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.SetAsync(UserKey(user), now.ToUnixTimeMilliseconds(), _keptFor, cancellationToken);

    /// <summary>Whether a token was revoked.</summary>
    public ValueTask<bool> AreRevokedAsync(VerifiedSession session, CancellationToken cancellationToken)
    {
        var keys = session.Revocation ??= new RevocationKeys(session.Id is null ? null : SessionKey(session.Id), UserKey(session.User));
        return IsAnyThereAsync(keys.Session, keys.User, session.IssuedAt, cancellationToken);
    }

    public ValueTask<bool> IsRevokedAsync(string id, string user, DateTimeOffset issued, CancellationToken cancellationToken) =>
        IsAnyThereAsync(SessionKey(id), UserKey(user), issued, cancellationToken);

    // One that does not say when it was issued counts as issued before.
    private async ValueTask<bool> IsAnyThereAsync(string? sessionKey, string userKey, DateTimeOffset? issued, CancellationToken cancellationToken) =>
        (sessionKey is not null && await store.ExistsAsync(sessionKey, cancellationToken).ConfigureAwait(false))
        || (await store.GetAsync<long?>(userKey, cancellationToken).ConfigureAwait(false) is { } revoked
            && !(issued?.ToUnixTimeMilliseconds() > revoked));

    private string SessionKey(string id) => $"{keyPrefix}:revoked:{SessionStore.Hash(id)}";

    private string UserKey(string user) => $"{keyPrefix}:revoked-user:{SessionStore.Hash(user)}";
}

/// <summary>Under which keys the revocation of a session and of its user would be.</summary>
internal sealed record RevocationKeys(string? Session, string User);
