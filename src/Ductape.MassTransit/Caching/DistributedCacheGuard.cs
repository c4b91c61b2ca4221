using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Caching;

/// <summary>
/// The application's distributed cache, which must never fail or hold up a publish: an error or a long wait is logged
/// as a warning and taken as "nothing there", and for a short while nobody asks again. Until it answers, only the
/// memory of this process holds duplicates back: sending a message twice is better than not at all.
/// </summary>
internal sealed class DistributedCacheGuard(IDistributedCache cache, TimeProvider time, ILogger logger) : IDistributedCache
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private long _resumeAt = long.MinValue;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        byte[]? value = null;
        await TryAsync(async () => value = await cache.GetAsync(key, token).ConfigureAwait(false), token).ConfigureAwait(false);
        return value;
    }

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        TrySetAsync(key, value, WholeSeconds(options), token);

    /// <returns>Whether it was written.</returns>
    public Task<bool> TrySetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token) =>
        TryAsync(() => cache.SetAsync(key, value, options, token), token);

    public Task RemoveAsync(string key, CancellationToken token = default) => TryAsync(() => cache.RemoveAsync(key, token), token);

    // HybridCache uses none of the others.
    public byte[]? Get(string key) => throw new NotSupportedException();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public void Refresh(string key) => throw new NotSupportedException();

    public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    // Microsoft's Redis cache drops fractions of a second, and with them a whole window below one second. HybridCache
    // writes the exact expiry into the value and heeds it, so a value may stay a little longer.
    private static DistributedCacheEntryOptions WholeSeconds(DistributedCacheEntryOptions options) => new()
    {
        AbsoluteExpirationRelativeToNow = options.AbsoluteExpirationRelativeToNow is { } expiry
            ? TimeSpan.FromSeconds(Math.Ceiling(expiry.TotalSeconds) + 1)
            : null,
    };

    private async Task<bool> TryAsync(Func<Task> call, CancellationToken token)
    {
        if (time.GetTimestamp() < Interlocked.Read(ref _resumeAt))
            return false;

        Task? calling = null;
        try
        {
            calling = call();
            await calling.WaitAsync(Patience, time, token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !token.IsCancellationRequested)
        {
            _ = calling?.ContinueWith(
                static x => x.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
            Interlocked.Exchange(ref _resumeAt, time.GetTimestamp() + (long)(Pause.TotalSeconds * time.TimestampFrequency));
            logger.DistributedCacheFailed(exception.Message, Pause, exception);
            return false;
        }
    }
}
