using System.Text.Json;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Caching;

public class IdempotencyKeyTests
{
    [Fact]
    public async Task The_same_key_is_sent_once_and_the_first_result_comes_back()
    {
        await using var app = await CachingApp.StartAsync();

        var first = await app.Broker.PublishAsync(Event, new { orderId = "1", status = "pending" }, idempotencyKey: "order-1");
        var second = await app.Broker.PublishAsync(Event, new { status = "pending", orderId = "1" }, idempotencyKey: "order-1");

        Assert.False(first.Cached);
        Assert.Equal(first with { Cached = true }, second);
        await app.ReceivedAsync(1);
    }

    [Fact]
    public async Task The_same_key_with_another_message_is_refused()
    {
        await using var app = await CachingApp.StartAsync();
        var first = await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1");

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Event, 2, idempotencyKey: "order-1"));

        Assert.Equal(
            "INVALID_INPUT: 'input.idempotency_key' is 'order-1', and another message was published under it at "
                + $"2026-01-01T00:00:00.0000000+00:00 (process {first.ProcessId}). Nothing was sent. Use a new key for another message.",
            exception.Message);
        Assert.Equal((DuctapeErrorCodes.InvalidInput, Event, "dev", "my_product"),
            (exception.Code, exception.Event, exception.Env, exception.ProductTag));
        Assert.True((await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1")).Cached);
        await app.ReceivedAsync(1);
    }

    [Fact]
    public async Task Another_key_sends_the_same_message_again()
    {
        await using var app = await CachingApp.StartAsync();
        await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1");

        Assert.False((await app.Broker.PublishAsync(Event, 1, idempotencyKey: "Order-1")).Cached);
        Assert.False((await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1 ")).Cached);
        await app.ReceivedAsync(3);
    }

    [Fact]
    public async Task Events_and_environments_have_keys_of_their_own()
    {
        await using var app = await CachingApp.StartAsync();
        await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1");

        Assert.False((await app.Broker.PublishAsync("sqsbroker:shipped", 2, idempotencyKey: "order-1")).Cached);
        Assert.False((await app.Broker.PublishAsync(Event, 2, env: "stg", idempotencyKey: "order-1")).Cached);
    }

    [Theory]
    [InlineData(null, 24 * 60)]
    [InlineData("\"00:10:00\"", 10)]
    public async Task A_key_is_free_again_when_the_window_is_over(string? window, int minutes)
    {
        await using var app = await CachingApp.StartAsync(window is null ? [] : [("IdempotencyWindow", window)]);
        await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1");

        app.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.True((await app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1")).Cached);
        app.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False((await app.Broker.PublishAsync(Event, 2, idempotencyKey: "order-1")).Cached);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_blank_key_is_none(string key)
    {
        await using var app = await CachingApp.StartAsync();
        await app.Broker.PublishAsync(Event, 1, idempotencyKey: key);

        Assert.False((await app.Broker.PublishAsync(Event, 2, idempotencyKey: key)).Cached);
    }

    [Fact]
    public async Task A_cache_holds_back_under_a_new_key_too()
    {
        await using var app = await CachingApp.StartAsync();
        var first = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache", idempotencyKey: "order-1");

        var second = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache", idempotencyKey: "order-2");
        app.Time.Advance(TimeSpan.FromMinutes(5));
        var third = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache", idempotencyKey: "order-2");

        Assert.Equal([first with { Cached = true }, first with { Cached = true }], [second, third]);
        await app.ReceivedAsync(1);
    }

    [Fact]
    public async Task Ductapes_JSON_carries_it_as_idempotency_key()
    {
        await using var app = await CachingApp.StartAsync();
        var input = JsonSerializer.Deserialize<MessageBrokerPublishInput>(
            """{ "event": "sqsbroker:new-orders", "input": { "message": 1, "idempotency_key": "order-1" } }""")!;

        await app.Broker.PublishAsync(input);

        Assert.True((await app.Broker.PublishAsync(input)).Cached);
        Assert.Contains("\"idempotency_key\":\"order-1\"", JsonSerializer.Serialize(input));
    }
}
