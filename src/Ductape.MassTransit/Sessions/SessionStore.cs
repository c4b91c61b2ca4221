using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// Where revocations, refresh tokens and the list of sessions are: the application's cache, else this process's memory.
/// </summary>
internal sealed class SessionStore(IEnumerable<IDistributedCache> caches)
{
    // Without a limit: what it holds expires, and must not be dropped before.
    private readonly IDistributedCache _cache = caches.LastOrDefault()
        ?? new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions { SizeLimit = null }));

    /// <summary>The lower case hexadecimal SHA-256 of a text: keys are of one length and show nothing.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.CacheFailed"/>: the application's cache does not
    /// answer.</exception>
    public async ValueTask<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        await ReadAsync(key, cancellationToken).ConfigureAwait(false) is not null;

    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.CacheFailed"/>: the application's cache does not
    /// answer.</exception>
    public async ValueTask<T?> GetAsync<T>(string key, CancellationToken cancellationToken) =>
        await ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } bytes ? Parse<T>(bytes) : default;

    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.CacheFailed"/>: the application's cache does not
    /// answer.</exception>
    public async Task SetAsync<T>(string key, T value, TimeSpan keptFor, CancellationToken cancellationToken)
    {
        try
        {
            await _cache.SetAsync(
                key, JsonSerializer.SerializeToUtf8Bytes(value), new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = keptFor }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfCache(exception, cancellationToken))
        {
            throw Failed("was not kept", exception);
        }
    }

    private async ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await _cache.GetAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfCache(exception, cancellationToken))
        {
            throw Failed("is not known", exception);
        }
    }

    private static T? Parse<T>(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes);
        }
        catch (JsonException exception)
        {
            throw new DuctapeException(DuctapeErrorCodes.CacheFailed,
                "what the application's distributed cache has of the session is not what was kept there: something else writes into it.", exception);
        }
    }

    // The cache is the application's, and throws what it likes.
    private static bool IsOfCache(Exception exception, CancellationToken cancellationToken) =>
        exception is not OutOfMemoryException && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested);

    // Unlike a cache of publishes it cannot be done without: a session that was revoked would count again.
    private static DuctapeException Failed(string what, Exception exception) => new(DuctapeErrorCodes.CacheFailed,
        $"what the application's distributed cache has of the session {what}, because it does not answer: {exception.Message.TrimEnd('.')}. Check that it runs and that its "
        + "address is right, and try again.", exception)
    { IsTransient = true };
}
