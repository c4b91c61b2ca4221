using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Caching;

public class CachesTests
{
    [Fact]
    public async Task A_value_says_what_was_published_when_and_until_when_it_is_kept()
    {
        await using var app = await CachingApp.StartAsync();
        var result = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");

        var page = await Caches(app).ListValuesAsync("orders-cache");

        var value = Assert.Single(page.Values);
        Assert.NotEmpty(value.Key);
        Assert.Equal(
            (value.CacheTag, value.ProductTag, value.Env, value.Event, value.ProcessId, value.MessageId, value.CreatedAt, value.ExpiresAt),
            ("orders-cache", "my_product", "dev", Event, result.ProcessId, result.MessageId,
                app.Time.GetUtcNow(), app.Time.GetUtcNow() + TimeSpan.FromMinutes(1)));
        Assert.Equal((1, 1, 20, 1), (page.Total, page.Page, page.Limit, page.TotalPages));
    }

    [Fact]
    public async Task Pages_go_from_the_newest_value_to_the_oldest()
    {
        await using var app = await CachingApp.StartAsync();
        var published = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            published.Add((await app.Broker.PublishAsync(Event, i, cache: "orders-cache")).ProcessId);
            app.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var pages = new List<CachedValuePage>();
        for (var page = 1; page <= 4; page++)
            pages.Add(await Caches(app).ListValuesAsync("orders-cache", page, limit: 2));

        Assert.Equal([2, 2, 1, 0], pages.Select(x => x.Values.Count));
        Assert.All(pages, x => Assert.Equal((5, 2, 3), (x.Total, x.Limit, x.TotalPages)));
        Assert.Equal(published.AsEnumerable().Reverse(), pages.SelectMany(x => x.Values).Select(x => x.ProcessId));
    }

    [Fact]
    public async Task Only_the_values_of_that_cache_and_environment_are_listed_and_none_that_expired()
    {
        await using var app = await CachingApp.StartAsync();
        await app.Broker.PublishAsync(Event, "expired", cache: "orders-cache");
        app.Time.Advance(TimeSpan.FromSeconds(61));
        var dev = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");
        var stg = await app.Broker.PublishAsync(Event, 1, env: "stg", cache: "orders-cache");
        await app.Broker.PublishAsync(Event, 1, cache: "other-cache");
        await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1");

        Assert.Equal(
            new[] { dev.ProcessId, stg.ProcessId }.Order(),
            (await Caches(app).ListValuesAsync("orders-cache")).Values.Select(x => x.ProcessId).Order());
        Assert.Equal(stg.ProcessId, Assert.Single((await Caches(app).ListValuesAsync("orders-cache", env: "stg")).Values).ProcessId);
    }

    [Fact]
    public async Task A_cache_is_cleared_all_at_once_and_the_others_are_not()
    {
        await using var app = await CachingApp.StartAsync();
        var first = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");
        await app.Broker.PublishAsync(Event, 2, cache: "orders-cache");
        await app.Broker.PublishAsync(Event, 1, cache: "other-cache");
        await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1");

        Assert.Equal(2, await Caches(app).ClearAsync("orders-cache"));

        Assert.Empty((await Caches(app).ListValuesAsync("orders-cache")).Values);
        var again = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");
        Assert.False(again.Cached);
        Assert.NotEqual(first.ProcessId, again.ProcessId);
        Assert.Equal(again with { Cached = true }, await app.Broker.PublishAsync(Event, 1, cache: "orders-cache"));
        Assert.True((await app.Broker.PublishAsync(Event, 1, cache: "other-cache")).Cached);
        Assert.True((await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1")).Cached);
        Assert.Equal(1, await Caches(app).ClearAsync("orders-cache"));
        Assert.Equal(0, await Caches(app).ClearAsync("orders-cache"));
    }

    [Fact]
    public async Task A_publish_that_was_under_way_when_the_cache_was_cleared_is_not_kept()
    {
        await using var app = await GatedBroker.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.OnSend = _ => gate.Task;
        var first = app.Broker.PublishAsync(Event, 1, cache: "orders-cache");
        await app.HasBegunAsync();

        await app.Services.GetRequiredService<ICaches>().ClearAsync("orders-cache");
        gate.SetResult();

        Assert.False((await first).Cached);
        Assert.False((await app.Broker.PublishAsync(Event, 1, cache: "orders-cache")).Cached);
    }

    [Theory]
    [InlineData("order-cache", 1, 20, null, "CACHE_NOT_FOUND: the product 'my_product' has no cache 'order-cache'. Did you mean 'orders-cache'? Configured: 'orders-cache', 'other-cache'.")]
    [InlineData(" ", 1, 20, null, "INVALID_INPUT: 'cache' is required and is missing or blank: give the tag of a cache.")]
    [InlineData("orders-cache", 0, 20, null, "INVALID_INPUT: 'page' is 0; it must be at least 1.")]
    [InlineData("orders-cache", 1, 0, null, "INVALID_INPUT: 'limit' is 0; it must be from 1 to 1000.")]
    [InlineData("orders-cache", 1, 1001, null, "INVALID_INPUT: 'limit' is 1001; it must be from 1 to 1000.")]
    [InlineData("orders-cache", 1, 20, "my_prodct", "PRODUCT_NOT_FOUND: no product 'my_prodct' is configured. Did you mean 'my_product'? Configured: 'my_product'.")]
    public async Task What_cannot_be_listed_is_refused(string cache, int page, int limit, string? product, string message)
    {
        await using var app = new CachingApp();

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => Caches(app).ListValuesAsync(cache, page, limit, product));

        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public async Task The_last_page_that_a_number_can_name_is_empty()
    {
        await using var app = await CachingApp.StartAsync();
        await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");

        Assert.Empty((await Caches(app).ListValuesAsync("orders-cache", int.MaxValue, 1000)).Values);
    }

    [Fact]
    public async Task An_unknown_cache_cannot_be_cleared()
    {
        await using var app = new CachingApp();

        Assert.Equal(DuctapeErrorCodes.CacheNotFound,
            (await Assert.ThrowsAsync<DuctapeException>(() => Caches(app).ClearAsync("order-cache"))).Code);
    }

    [Fact]
    public async Task A_page_is_written_under_Ductapes_field_names()
    {
        await using var app = await CachingApp.StartAsync();
        var result = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");
        var page = await Caches(app).ListValuesAsync("orders-cache");

        Assert.Equal(
            $$"""{"values":[{"key":"{{page.Values[0].Key}}","cache_tag":"orders-cache","product_tag":"my_product","env":"dev","event":"{{Event}}","""
                + $"\"process_id\":\"{result.ProcessId}\",\"message_id\":\"{result.MessageId}\",\"created_at\":\"2026-01-01T00:00:00+00:00\","
                + "\"expiry\":\"2026-01-01T00:01:00+00:00\"}],\"total\":1,\"page\":1,\"limit\":20,\"totalPages\":1}",
            JsonSerializer.Serialize(page));
    }

    private static ICaches Caches(CachingApp app) => app.Services.GetRequiredService<ICaches>();
}
