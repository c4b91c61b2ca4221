using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Caching;

public class CacheInputTests
{
    private static readonly string Configured = With(($"{Product}:Caches:orders-cache", """{ "Expiry": 60000 }"""));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_blank_cache_is_none(string? cache)
    {
        await using var services = TestProvider.Build(Configured);

        var first = await services.Broker().PublishAsync(Event, 1, cache: cache);
        var second = await services.Broker().PublishAsync(Event, 1, cache: cache);

        Assert.Equal((false, false), (first.Cached, second.Cached));
        Assert.NotEqual(first.ProcessId, second.ProcessId);
    }

    [Fact]
    public async Task An_unknown_cache_is_refused_with_the_near_miss()
    {
        await using var services = TestProvider.Build(Configured);

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1, cache: "order-cache"));

        Assert.Equal(
            "CACHE_NOT_FOUND: the product 'my_product' has no cache 'order-cache'. Did you mean 'orders-cache'? Configured: 'orders-cache'.",
            exception.Message);
        Assert.Equal((DuctapeErrorCodes.CacheNotFound, Event, "dev", "my_product"),
            (exception.Code, exception.Event, exception.Env, exception.ProductTag));
    }

    [Fact]
    public async Task An_unknown_cache_is_refused_although_the_idempotency_key_is_known()
    {
        await using var services = TestProvider.Build(Configured);
        await services.Broker().PublishAsync(Event, 1, idempotencyKey: "order-1");

        var exception = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().PublishAsync(Event, 1, cache: "order-cache", idempotencyKey: "order-1"));

        Assert.Equal(DuctapeErrorCodes.CacheNotFound, exception.Code);
    }
}
