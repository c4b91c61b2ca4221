using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Caching;

internal sealed class BrokerCaches(CurrentCatalog catalog, CallDefaults defaults, CacheStore store, CacheGenerations generations) : ICaches
{
    private const int LongestPage = 1000;

    public async Task<CachedValuePage> ListValuesAsync(
        string cache, int page, int limit, string? product, string? env, CancellationToken cancellationToken)
    {
        var config = Find(product, ref cache);
        if (page < 1)
            throw OutOfRange(config, $"'page' is {page}; it must be at least 1.");
        if (limit is < 1 or > LongestPage)
            throw OutOfRange(config, $"'limit' is {limit}; it must be from 1 to {LongestPage}.");

        var values = new List<CachedValue>();
        var prefix = await PrefixAsync(config, cache, cancellationToken).ConfigureAwait(false);
        foreach (var key in KeysOf(prefix))
        {
            var kept = await store.FindInMemoryAsync<KeptPublish>(key, cancellationToken).ConfigureAwait(false);
            if (kept is not null && (env is null || Tags.Same(kept.Result.Env, env)))
                values.Add(Describe(key[prefix.Length..], cache, kept));
        }

        var shown = values.OrderByDescending(x => x.CreatedAt).ThenBy(x => x.Key, StringComparer.Ordinal)
            .Skip((int)Math.Min((page - 1L) * limit, int.MaxValue)).Take(limit);
        return new CachedValuePage([.. shown], values.Count, page, limit);
    }

    public async Task<int> ClearAsync(string cache, string? product, CancellationToken cancellationToken)
    {
        var config = Find(product, ref cache);
        var keys = KeysOf(await PrefixAsync(config, cache, cancellationToken).ConfigureAwait(false));
        if (!await generations.BeginAsync(config.Tag, cache, cancellationToken).ConfigureAwait(false))
        {
            throw new DuctapeException(DuctapeErrorCodes.CacheFailed,
                $"the distributed cache did not answer, so the cache '{cache}' of '{config.Tag}' was not cleared. See the warning in the log for "
                + "the cause, and try again.")
            { ProductTag = config.Tag };
        }

        foreach (var key in keys)
            store.ForgetInMemory(key);
        return keys.Length;
    }

    private async ValueTask<string> PrefixAsync(ProductConfig product, string cache, CancellationToken cancellationToken) =>
        CacheKey.ValuesOf(product.Tag, cache, await generations.GetAsync(product.Tag, cache, cancellationToken).ConfigureAwait(false));

    private string[] KeysOf(string prefix) => [.. store.KeysInMemory.Where(x => x.StartsWith(prefix, StringComparison.Ordinal))];

    // The cache is as it is configured afterwards.
    private ProductConfig Find(string? productTag, ref string cache)
    {
        var product = catalog.FindProduct(defaults.Product(productTag));
        if (string.IsNullOrWhiteSpace(cache))
            throw OutOfRange(product, "'cache' is required and is missing or blank: give the tag of a cache.");
        if (!product.Caches.TryGetValue(cache, out var config))
            throw NotFound(product, cache);

        cache = config.Tag;
        return product;
    }

    private static DuctapeException NotFound(ProductConfig product, string cache) => new(DuctapeErrorCodes.CacheNotFound,
        $"the product '{product.Tag}' has no cache '{cache}'.{NearMiss.HintOrList(cache, product.Caches.Keys)}")
    { ProductTag = product.Tag };

    private static DuctapeException OutOfRange(ProductConfig product, string message) =>
        new(DuctapeErrorCodes.InvalidInput, message) { ProductTag = product.Tag };

    private static CachedValue Describe(string key, string cache, KeptPublish kept) => new()
    {
        Key = key,
        CacheTag = cache,
        ProductTag = kept.Result.ProductTag,
        Env = kept.Result.Env,
        Event = kept.Result.Event,
        ProcessId = kept.Result.ProcessId,
        MessageId = kept.Result.MessageId,
        CreatedAt = kept.CreatedAt,
        ExpiresAt = kept.ExpiresAt,
    };
}
