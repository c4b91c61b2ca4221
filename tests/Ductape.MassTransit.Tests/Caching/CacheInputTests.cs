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

        Assert.False((await services.Broker().PublishAsync(Event, 1, cache: cache)).Cached);
    }

    [Theory]
    [InlineData("order-cache", "CACHE_NOT_FOUND: the product 'my_product' has no cache 'order-cache'. Did you mean 'orders-cache'? Configured: 'orders-cache'.")]
    [InlineData("orders-cache", "INVALID_INPUT: 'cache' is 'orders-cache', and this version of the library does not cache publishes yet. Leave 'cache' out.")]
    public async Task A_cache_that_cannot_be_used_is_refused(string cache, string message)
    {
        await using var services = TestProvider.Build(Configured);

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1, cache: cache));

        Assert.Equal(message, exception.Message);
        Assert.StartsWith($"{exception.Code}: ", exception.Message);
        Assert.Equal((Event, "dev", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
    }
}
