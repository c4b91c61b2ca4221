using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Caching.Tests.Instances;

namespace Ductape.MassTransit.Caching.Tests;

public sealed class SharedCachesTests(RedisFixture redis)
{
    [Fact]
    public async Task A_cache_that_one_instance_clears_is_cleared_for_those_that_run_and_those_that_start_later()
    {
        await using var instances = new Instances(redis.Server);
        var (one, other) = (instances.Start(), instances.Start());
        var first = await one.Broker.PublishAsync(Event, 1, cache: Cache);
        Assert.True((await other.Broker.PublishAsync(Event, 1, cache: Cache)).Cached);

        await one.Services.GetRequiredService<ICaches>().ClearAsync(Cache);

        var again = await other.Broker.PublishAsync(Event, 1, cache: Cache);
        Assert.False(again.Cached);
        Assert.NotEqual(first.ProcessId, again.ProcessId);
        Assert.Equal(again with { Cached = true }, await one.Broker.PublishAsync(Event, 1, cache: Cache));
        Assert.Equal(again with { Cached = true }, await instances.Start().Broker.PublishAsync(Event, 1, cache: Cache));
    }

    [Fact]
    public async Task A_value_of_another_instance_is_listed_once_this_one_has_met_it()
    {
        await using var instances = new Instances(redis.Server);
        var (one, other) = (instances.Start(), instances.Start());
        var first = await one.Broker.PublishAsync(Event, 1, cache: Cache);
        Assert.Empty((await other.Services.GetRequiredService<ICaches>().ListValuesAsync(Cache)).Values);

        await other.Broker.PublishAsync(Event, 1, cache: Cache);

        var value = Assert.Single((await other.Services.GetRequiredService<ICaches>().ListValuesAsync(Cache)).Values);
        Assert.Equal(first.ProcessId, value.ProcessId);
    }

    [Fact]
    public async Task A_cache_is_not_half_cleared_while_Redis_is_down()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var instances = new Instances(server);
        var app = instances.Start();
        await app.Broker.PublishAsync(Event, 1, cache: Cache);
        await server.KillAsync();

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => app.Services.GetRequiredService<ICaches>().ClearAsync(Cache));

        Assert.Equal(DuctapeErrorCodes.CacheFailed, exception.Code);
        Assert.StartsWith($"CACHE_FAILED: the distributed cache did not answer, so the cache '{Cache}' of 'shop' was not cleared.", exception.Message);
        Assert.True((await app.Broker.PublishAsync(Event, 1, cache: Cache)).Cached);
    }
}
