using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Caching;

/// <summary>
/// Where everything is kept: the memory of this process, and as its second level the application's
/// <see cref="IDistributedCache"/> where there is one. The <see cref="HybridCache"/> is our own and not the
/// application's: a size limit, serializer or disabled level that the application chose for its own cache would let a
/// message out twice.
/// </summary>
internal sealed class CacheStore : IDisposable
{
    private static readonly HybridCacheEntryOptions LookUp = new()
    {
        Flags = HybridCacheEntryFlags.DisableUnderlyingData | HybridCacheEntryFlags.DisableLocalCacheWrite
            | HybridCacheEntryFlags.DisableDistributedCacheWrite,
    };

    private static readonly HybridCacheEntryOptions LookUpInMemory = new()
    {
        Flags = HybridCacheEntryFlags.DisableUnderlyingData | HybridCacheEntryFlags.DisableLocalCacheWrite
            | HybridCacheEntryFlags.DisableDistributedCache,
    };

    private readonly Lazy<ServiceProvider> _services;
    private readonly TimeProvider _time;

    public CacheStore(TimeProvider time, ILoggerFactory loggers, IDistributedCache? distributed = null)
    {
        _time = time;
        // A memory cache for distribution is nothing but memory.
        Distributed = distributed is null or MemoryDistributedCache ? null
            : new DistributedCacheGuard(distributed, time, loggers.CreateLogger<CacheStore>());
        _services = new Lazy<ServiceProvider>(() => Build(loggers));
    }

    /// <summary>The second level, which does not throw; null where the application registered none.</summary>
    public DistributedCacheGuard? Distributed { get; }

    public HybridCache Values => Get<HybridCache>();

    /// <summary>The keys that this process holds in memory.</summary>
    public IEnumerable<string> KeysInMemory => Memory.Keys.OfType<string>();

    private MemoryCache Memory => (MemoryCache)Get<IMemoryCache>();

    /// <summary>What is kept under a key, or the default of <typeparamref name="T"/>.</summary>
    public ValueTask<T?> FindAsync<T>(string key, CancellationToken cancellationToken) => FindAsync<T>(key, LookUp, cancellationToken);

    /// <summary>
    /// As <see cref="FindAsync{T}(string, CancellationToken)"/>, in the memory of this process alone.
    /// </summary>
    public ValueTask<T?> FindInMemoryAsync<T>(string key, CancellationToken cancellationToken) =>
        FindAsync<T>(key, LookUpInMemory, cancellationToken);

    public ValueTask KeepAsync<T>(string key, T value, TimeSpan window) =>
        Values.SetAsync(key, value, new HybridCacheEntryOptions { Expiration = window, LocalCacheExpiration = window });

    public void ForgetInMemory(string key) => Memory.Remove(key);

    public void Dispose()
    {
        if (_services.IsValueCreated)
            _services.Value.Dispose();
    }

    private ValueTask<T?> FindAsync<T>(string key, HybridCacheEntryOptions options, CancellationToken cancellationToken) =>
        Values.GetOrCreateAsync(key, static _ => ValueTask.FromResult<T?>(default), options, cancellationToken: cancellationToken);

    private T Get<T>()
        where T : notnull
    {
        try
        {
            return _services.Value.GetRequiredService<T>();
        }
        catch (ObjectDisposedException)
        {
            throw new ObjectDisposedException(null, "The application's service provider was disposed, and what its caches keep in memory is gone.");
        }
    }

    private ServiceProvider Build(ILoggerFactory loggers)
    {
        var services = new ServiceCollection();
        services.AddSingleton(_time);
        services.AddSingleton(loggers);
        services.AddMemoryCache(x => x.Clock = new MemoryCacheClock(_time));
        if (Distributed is not null)
            services.AddSingleton<IDistributedCache>(Distributed);
        services.AddHybridCache(x => x.MaximumKeyLength = 4096);
        return services.BuildServiceProvider();
    }
}
