namespace Ductape.MassTransit;

/// <summary>
/// Looks into the caches that publishes name and clears them: Ductape's <c>cache.values</c> and <c>clearAll</c>. A
/// singleton, safe to use from any thread. Idempotency keys are in no cache and are not concerned.
/// </summary>
public interface ICaches
{
    /// <summary>
    /// The values of a cache that have not expired, the newest first. They are those that this process published or
    /// met, since an <c>IDistributedCache</c> cannot say what it holds.
    /// </summary>
    /// <param name="cache">The tag of the cache.</param>
    /// <param name="page">The number of the page, from 1.</param>
    /// <param name="limit">How many values a page has, 1 to 1000.</param>
    /// <param name="product">The product's tag. Default: <c>Ductape:Product</c>.</param>
    /// <param name="env">Only the values of this environment. Default: of all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.ProductNotFound"/>,
    /// <see cref="DuctapeErrorCodes.CacheNotFound"/>, or <see cref="DuctapeErrorCodes.InvalidInput"/> for a page or
    /// limit out of range or when no product is named anywhere.</exception>
    Task<CachedValuePage> ListValuesAsync(
        string cache, int page = 1, int limit = 20, string? product = null, string? env = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Clears a cache, all its values at once, for every instance that shares the distributed cache: the next publish
    /// of each message is sent. A publish under way is sent, and its result is not kept.
    /// </summary>
    /// <param name="cache">The tag of the cache.</param>
    /// <param name="product">The product's tag. Default: <c>Ductape:Product</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many of the values this process held in memory.</returns>
    /// <exception cref="DuctapeException">As <see cref="ListValuesAsync"/>, or
    /// <see cref="DuctapeErrorCodes.CacheFailed"/>: the distributed cache did not answer, and nothing was
    /// cleared.</exception>
    Task<int> ClearAsync(string cache, string? product = null, CancellationToken cancellationToken = default);
}
