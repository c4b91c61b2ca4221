using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;

namespace Ductape.MassTransit.Caching;

/// <summary>
/// The generation of a cache is part of the keys of its values: a new one clears them all at once. It is in the
/// distributed cache, where every instance looks each time. HybridCache's own tags would not do: an instance asks for
/// the state of a tag once and never again, so those that run would go on to use what another one cleared.
/// </summary>
internal sealed class CacheGenerations(CacheStore store)
{
    private const string First = "0";

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>
    /// Begins a new generation; false when the distributed cache did not take it, and then nothing has changed.
    /// </summary>
    public async ValueTask<bool> BeginAsync(string product, string cache, CancellationToken cancellationToken)
    {
        var key = CacheKey.GenerationOf(product, cache);
        var generation = NewId.NextGuid().ToString("N");
        // Without an expiry: values may be kept for as long as the generation lasts, and that is not known.
        if (store.Distributed is { } distributed && !await distributed.TrySetAsync(
                key, Encoding.UTF8.GetBytes(generation), new DistributedCacheEntryOptions(), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        _known[key] = generation;
        return true;
    }

    public async ValueTask<string> GetAsync(string product, string cache, CancellationToken cancellationToken)
    {
        var key = CacheKey.GenerationOf(product, cache);
        if (store.Distributed is { } distributed
            && await distributed.GetAsync(key, cancellationToken).ConfigureAwait(false) is { } bytes)
        {
            return _known[key] = Encoding.UTF8.GetString(bytes);
        }

        return _known.GetValueOrDefault(key, First);
    }
}
