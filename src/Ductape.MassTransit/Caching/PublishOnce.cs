using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Caching.Hybrid;

namespace Ductape.MassTransit.Caching;

/// <summary>
/// Sends a publish that names a cache or an idempotency key once within its window; later and concurrent callers get
/// the first one's result. What fails is not kept: everybody who waited for it gets the failure, and the next call
/// tries again.
/// </summary>
internal sealed class PublishOnce(CurrentCatalog catalog, CacheStore store, CacheGenerations generations, TimeProvider time)
{
    public static bool IsAsked(MessageBrokerPublishInput data) =>
        !string.IsNullOrWhiteSpace(data.Cache) || !string.IsNullOrWhiteSpace(data.Input!.IdempotencyKey);

    /// <param name="route">Where the message goes.</param>
    /// <param name="data">The publish, which names a cache, an idempotency key, or both.</param>
    /// <param name="payload">The message, JSON.</param>
    /// <param name="sessionUser">Who acts, or null for nobody.</param>
    /// <param name="scoped">Whether the publish would go through the endpoint of a scope.</param>
    /// <param name="send">Sends it. Its token is cancelled when every caller that waits for it has given up.</param>
    /// <param name="cancellationToken">Gives up waiting, for this caller alone.</param>
    public async Task<PublishResult> PublishAsync(Route route, MessageBrokerPublishInput data, ReadOnlyMemory<byte> payload, string? sessionUser,
        bool scoped, Func<CancellationToken, Task<PublishResult>> send, CancellationToken cancellationToken)
    {
        if (scoped && route.BrokerType == BrokerTypes.Host)
        {
            throw route.Error(DuctapeErrorCodes.InvalidInput,
                "'cache' and 'input.idempotency_key' cannot be used through IScopedMessageBroker with a broker of type HOST: the result would "
                + "be kept although the scope's transaction may still roll the message back. Publish through IMessageBroker, or leave them out.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var cache = string.IsNullOrWhiteSpace(data.Cache) ? null : FindCache(route, data.Cache);
        var idempotencyKey = data.Input!.IdempotencyKey;
        var identity = new PublishIdentity(route, sessionUser, payload);
        if (string.IsNullOrWhiteSpace(idempotencyKey))
            return await CachedAsync(route, cache!, identity, send, cancellationToken).ConfigureAwait(false);
        return cache is null
            ? await ByKeyAsync(route, idempotencyKey, identity, send, cancellationToken).ConfigureAwait(false)
            : await ByKeyAsync(route, idempotencyKey, identity, token => CachedAsync(route, cache, identity, send, token), cancellationToken)
                .ConfigureAwait(false);
    }

    private CacheConfig FindCache(Route route, string tag)
    {
        var product = catalog.FindProduct(route.ProductTag);
        return product.Caches.TryGetValue(tag, out var cache)
            ? cache
            : throw route.Error(DuctapeErrorCodes.CacheNotFound,
                $"the product '{product.Tag}' has no cache '{tag}'.{NearMiss.HintOrList(tag, product.Caches.Keys)}");
    }

    private async Task<PublishResult> CachedAsync(Route route, CacheConfig cache, PublishIdentity identity,
        Func<CancellationToken, Task<PublishResult>> send, CancellationToken cancellationToken)
    {
        var generation = await generations.GetAsync(route.ProductTag, cache.Tag, cancellationToken).ConfigureAwait(false);
        var key = CacheKey.ValuesOf(route.ProductTag, cache.Tag, generation) + identity.InCache();
        var (kept, ran) = await KeepAsync(key, cache.Expiry, identity, send, cancellationToken).ConfigureAwait(false);
        return ran ? kept.Result : kept.Result with { Cached = true };
    }

    private async Task<PublishResult> ByKeyAsync(Route route, string idempotencyKey, PublishIdentity identity,
        Func<CancellationToken, Task<PublishResult>> send, CancellationToken cancellationToken)
    {
        var key = CacheKey.Idempotency(identity.ByKey(idempotencyKey));
        var (kept, ran) = await KeepAsync(key, catalog.Options.IdempotencyWindow, identity, send, cancellationToken).ConfigureAwait(false);
        if (kept.Message != identity.Message)
        {
            throw route.Error(DuctapeErrorCodes.InvalidInput,
                $"'input.idempotency_key' is '{idempotencyKey}', and another message was published under it at {kept.CreatedAt:O} (process "
                + $"{kept.Result.ProcessId}). Nothing was sent. Use a new key for another message.");
        }

        return ran ? kept.Result : kept.Result with { Cached = true };
    }

    private async Task<(KeptPublish Kept, bool Ran)> KeepAsync(string key, TimeSpan window, PublishIdentity identity,
        Func<CancellationToken, Task<PublishResult>> send, CancellationToken cancellationToken)
    {
        // HybridCache gives the result out before it writes to the distributed cache, and another instance could send
        // the same after this call has returned. So the attempt itself keeps it there.
        var shared = store.Distributed is not null;
        var attempt = new PublishAttempt(identity, window, time, send, shared ? kept => store.KeepAsync(key, kept, window) : null);
        var kept = await store.Values.GetOrCreateAsync(
            key,
            attempt,
            static (x, token) => x.RunAsync(token),
            new HybridCacheEntryOptions
            {
                Expiration = window,
                LocalCacheExpiration = window,
                Flags = shared ? HybridCacheEntryFlags.DisableDistributedCacheWrite : HybridCacheEntryFlags.None,
            },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return (kept, attempt.Ran);
    }
}
