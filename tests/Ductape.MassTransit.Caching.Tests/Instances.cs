using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Caching.Tests;

/// <summary>
/// Instances of one application, each a process as far as the library can tell, with one Redis in common.
/// </summary>
public sealed class Instances(RedisServer redis, long expiry = 60_000, JsonObject? topic = null, TimeProvider? time = null) : IAsyncDisposable
{
    public const string Event = "orders:created";
    public const string Cache = "orders-cache";

    private readonly List<ConformanceApp> _apps = [];
    // Tests that share a server do not meet.
    private readonly string _prefix = $"{NewId.NextGuid():N}:";

    public CapturedWarnings Warnings { get; } = new();

    public string Prefix => _prefix;

    public ConformanceApp Start()
    {
        var configuration = ConformanceApp.Configuration(new JsonObject { ["Type"] = "IN_MEMORY" }, topic);
        configuration["Ductape"]!["Products"]!["shop"]!["Caches"] = new JsonObject { [Cache] = new JsonObject { ["Expiry"] = expiry } };
        var app = new ConformanceApp(configuration, _ => { }, services =>
        {
            services.AddStackExchangeRedisCache(x =>
            {
                x.Configuration = redis.Address;
                x.InstanceName = _prefix;
            });
            services.AddSingleton(time ?? TimeProvider.System);
            services.AddLogging(x => x.AddProvider(Warnings));
        });
        _apps.Add(app);
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
            await app.DisposeAsync();
    }
}
