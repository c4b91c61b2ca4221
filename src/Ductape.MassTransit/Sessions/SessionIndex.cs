using System.Globalization;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// The list of the sessions of a session type. In parts, by the user, since a cache can only read and write a value as
/// a whole.
/// </summary>
internal sealed class SessionIndex(SessionStore store, string keyPrefix, TimeProvider time)
{
    private const int Parts = 32;

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Adds a session, or gives it its new expiry.</summary>
    public async Task SetAsync(ActiveSession session, CancellationToken cancellationToken)
    {
        var key = KeyOf(PartOf(session.User));
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var others = (await ReadAsync(key, cancellationToken).ConfigureAwait(false)).Where(x => x.SessionId != session.SessionId);
            ActiveSession[] all = [.. others, session];
            await store.SetAsync(key, all, all.Max(x => x.ExpiresAt) - time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What has not expired, in no order; of one user or of all.</summary>
    public async Task<IReadOnlyList<ActiveSession>> ListAsync(string? user, CancellationToken cancellationToken)
    {
        if (user is not null)
            return [.. (await ReadAsync(KeyOf(PartOf(user)), cancellationToken).ConfigureAwait(false)).Where(x => x.User == user)];

        var parts = await Task.WhenAll(Enumerable.Range(0, Parts).Select(x => ReadAsync(KeyOf(x), cancellationToken))).ConfigureAwait(false);
        return [.. parts.SelectMany(x => x)];
    }

    private async Task<ActiveSession[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var all = await store.GetAsync<ActiveSession[]>(key, cancellationToken).ConfigureAwait(false) ?? [];
        var now = time.GetUtcNow();
        return [.. all.Where(x => x.ExpiresAt > now)];
    }

    private string KeyOf(int part) => $"{keyPrefix}:list:{part}";

    private static int PartOf(string user) =>
        int.Parse(SessionStore.Hash(user).AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Parts;
}
