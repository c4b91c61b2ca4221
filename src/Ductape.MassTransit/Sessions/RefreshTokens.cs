using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit.Sessions;

/// <summary>The refresh tokens of a session type: random, kept as their hash, good for one use.</summary>
internal sealed class RefreshTokens(SessionStore store, SessionTypeConfig config, string keyPrefix, TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(30);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly TimeSpan _keptFor = config.Lifetime > Shortest ? config.Lifetime : Shortest;

    /// <summary>Makes a refresh token for a session.</summary>
    public async Task<string> IssueAsync(string sessionId, string user, DateTimeOffset startedAt, JsonElement data, CancellationToken cancellationToken)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        await store.SetAsync(KeyOf(token), new RefreshState(sessionId, user, startedAt, now, now + _keptFor, false, data), _keptFor, cancellationToken)
            .ConfigureAwait(false);
        return token;
    }

    /// <summary>Spends a refresh token.</summary>
    /// <returns>What it is for, or null and the reason.</returns>
    public async Task<(RefreshState? Refresh, string? Refusal)> SpendAsync(string token, CancellationToken cancellationToken)
    {
        var key = KeyOf(token);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var found = await store.GetAsync<RefreshState>(key, cancellationToken).ConfigureAwait(false);
            var now = time.GetUtcNow();
            if (found is null || found.ExpiresAt <= now)
                return (null, "is unknown or too old.");
            if (found.Spent)
                return (null, "was used before; every refresh token works once.");

            await store.SetAsync(key, found with { Spent = true, Data = default }, found.ExpiresAt - now, cancellationToken).ConfigureAwait(false);
            return (found, null);
        }
        finally
        {
            _gate.Release();
        }
    }

    private string KeyOf(string token) => $"{keyPrefix}:refresh:{SessionStore.Hash(token)}";

    internal sealed record RefreshState(
        string SessionId, string User, DateTimeOffset StartedAt, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, bool Spent, JsonElement? Data);
}
