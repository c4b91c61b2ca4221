using System.Collections.Immutable;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Ductape.MassTransit;

/// <summary>
/// Keys that an issuer publishes. Fetched at the first use, twice a day, and, at most once a minute, when a token names an unknown key. While
/// the issuer does not answer, the keys of the last time go on.
/// </summary>
internal sealed class FetchedSessionKeys(SessionTypeConfig config, string address, TimeProvider time) : ISessionKeys
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(12);
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMinutes(1);

    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 1024 * 1024,
    };

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile SessionKeySet? _keys;
    private DateTimeOffset _tried;

    public async ValueTask<SessionKeySet> GetAsync(CancellationToken cancellationToken) =>
        _keys is { } keys && time.GetUtcNow() - _tried < Fresh
            ? keys
            : await FetchAsync(Fresh, cancellationToken).ConfigureAwait(false);

    public async ValueTask<SessionKeySet> GetNewerAsync(SessionKeySet than, CancellationToken cancellationToken) =>
        _keys is { } keys && keys != than ? keys : await FetchAsync(AtMostEvery, cancellationToken).ConfigureAwait(false);

    private async Task<SessionKeySet> FetchAsync(TimeSpan unlessYoungerThan, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_keys is { } keys && time.GetUtcNow() - _tried < unlessYoungerThan)
                return keys;

            _tried = time.GetUtcNow();
            return _keys = await FetchAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return _keys ?? throw (exception as SessionKeysException
                ?? new SessionKeysException($"the keys of {config.Path}:{config.KeyKind} could not be fetched: check the address and that it answers.", exception));
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<SessionKeySet> FetchAsync(CancellationToken cancellationToken)
    {
        var documents = new HttpDocumentRetriever(Http)
        {
            RequireHttps = address.StartsWith("https:", StringComparison.OrdinalIgnoreCase),
            SendAdditionalHeaderData = false,
        };
        if (config.KeyKind == SessionKeyKind.JwksUri)
            return ToSet(new JsonWebKeySet(await documents.GetDocumentAsync(address, cancellationToken).ConfigureAwait(false)), null);

        var found = await OpenIdConnectConfigurationRetriever.GetAsync(
            $"{address.TrimEnd('/')}/.well-known/openid-configuration", documents, cancellationToken).ConfigureAwait(false);
        return string.IsNullOrEmpty(found.Issuer)
            ? throw new SessionKeysException($"{config.Path}:Authority does not name its issuer in its OpenID Connect configuration.")
            : ToSet(found.JsonWebKeySet, found.Issuer);
    }

    // A secret key that somebody published proves nothing, and short keys hardly more.
    private SessionKeySet ToSet(JsonWebKeySet? set, string? issuer)
    {
        ImmutableArray<string> algorithms = config.Algorithms.IsEmpty ? [.. SessionAlgorithm.OfFetchedKeys] : config.Algorithms;
        var keys = (set?.Keys ?? []).Select(SessionKey.Of).OfType<SessionKey>()
            .Where(x => algorithms.Any(a => SessionAlgorithm.Find(a)!.Fits(x))).Select(x => x.Key).ToImmutableArray();
        return keys.IsEmpty
            ? throw new SessionKeysException($"{config.Path}:{config.KeyKind} publishes no key for {string.Join(", ", algorithms)}.")
            : new SessionKeySet(keys, algorithms) { Issuer = issuer };
    }
}
