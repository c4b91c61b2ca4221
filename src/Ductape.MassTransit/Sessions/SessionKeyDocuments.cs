using System.Collections.Immutable;
using System.Text.Json;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.SessionKeys;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Ductape.MassTransit.Sessions;

/// <summary>Reads what an issuer publishes: its key set, and with an authority who it is.</summary>
internal sealed class SessionKeyDocuments(SessionTypeConfig config, string address)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 1024 * 1024,
    };

    private readonly HttpDocumentRetriever _documents = new(Http)
    {
        RequireHttps = address.StartsWith("https:", StringComparison.OrdinalIgnoreCase),
        SendAdditionalHeaderData = false,
    };

    /// <summary>The keys that are published now; none that can be used is an answer too.</summary>
    public async Task<SessionKeySet> FetchAsync()
    {
        if (config.KeyKind == SessionKeyKind.JwksUri)
            return await FetchKeysAsync(address, null).ConfigureAwait(false);

        var found = OpenIdConnectConfiguration.Create(await GetAsync($"{address.TrimEnd('/')}/.well-known/openid-configuration").ConfigureAwait(false));
        if (string.IsNullOrEmpty(found.Issuer) || string.IsNullOrEmpty(found.JwksUri))
            throw new SessionKeysException($"{config.Path}:Authority does not name its {(string.IsNullOrEmpty(found.Issuer) ? "issuer" : "keys")} in its OpenID Connect configuration.");

        return await FetchKeysAsync(found.JwksUri, found.Issuer).ConfigureAwait(false);
    }

    // A secret key that somebody published proves nothing, and short keys hardly more.
    private async Task<SessionKeySet> FetchKeysAsync(string from, string? issuer)
    {
        var json = await GetAsync(from).ConfigureAwait(false);
        // The page of a proxy is no word of the issuer's that all keys are gone.
        using (var document = JsonDocument.Parse(json))
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var list)
                || list.ValueKind != JsonValueKind.Array)
                throw new SessionKeysException($"what {config.Path}:{config.KeyKind} leads to is no JSON Web Key Set: check the address.");
        }

        ImmutableArray<string> algorithms = config.Algorithms.IsEmpty ? [.. SessionAlgorithm.OfFetchedKeys] : config.Algorithms;
        var keys = new JsonWebKeySet(json).Keys.Select(SessionKey.Of).OfType<SessionKey>()
            .Where(x => algorithms.Any(a => SessionAlgorithm.Find(a)!.Fits(x))).Select(x => x.Key).ToImmutableArray();
        return new SessionKeySet(keys, algorithms) { Issuer = issuer };
    }

    private Task<string> GetAsync(string from) => _documents.GetDocumentAsync(from, CancellationToken.None);
}
