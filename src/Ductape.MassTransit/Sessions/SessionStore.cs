using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit;

/// <summary>Where revocations, refresh tokens and the list of sessions are: the application's cache, else this process's memory.</summary>
internal sealed class SessionStore(IEnumerable<IDistributedCache> caches)
{
    // Without a limit: what it holds expires, and must not be dropped before.
    private readonly IDistributedCache _cache = caches.LastOrDefault()
        ?? new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions { SizeLimit = null }));

    /// <summary>The lower case hexadecimal SHA-256 of a text: keys are of one length and show nothing.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public async ValueTask<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        await _cache.GetAsync(key, cancellationToken).ConfigureAwait(false) is not null;

    public async ValueTask<T?> GetAsync<T>(string key, CancellationToken cancellationToken) =>
        await _cache.GetAsync(key, cancellationToken).ConfigureAwait(false) is { } bytes ? JsonSerializer.Deserialize<T>(bytes) : default;

    public Task SetAsync<T>(string key, T value, TimeSpan keptFor, CancellationToken cancellationToken) => _cache.SetAsync(
        key, JsonSerializer.SerializeToUtf8Bytes(value), new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = keptFor }, cancellationToken);
}
