using System.Text;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Caching;

public class CachedPublishTests
{
    [Fact]
    public async Task The_same_message_is_sent_once_and_the_first_result_comes_back()
    {
        await using var app = await CachingApp.StartAsync();

        var first = await app.Broker.PublishAsync(Event, new { orderId = "1", status = "pending" }, cache: "orders-cache");
        app.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await app.Broker.PublishAsync(Event, new { status = "pending", orderId = "1" }, cache: "orders-cache");

        Assert.False(first.Cached);
        Assert.Equal(first with { Cached = true }, second);
        await app.ReceivedAsync(1);
    }

    [Fact]
    public async Task It_is_sent_again_when_the_expiry_of_the_cache_is_over()
    {
        await using var app = await CachingApp.StartAsync();
        var first = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");

        app.Time.Advance(TimeSpan.FromMilliseconds(59_999));
        var before = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");
        app.Time.Advance(TimeSpan.FromMilliseconds(2));
        var after = await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");

        Assert.Equal((true, false), (before.Cached, after.Cached));
        Assert.NotEqual(first.ProcessId, after.ProcessId);
        await app.ReceivedAsync(2);
    }

    [Fact]
    public async Task A_cache_that_says_no_expiry_keeps_for_a_minute()
    {
        await using var app = await CachingApp.StartAsync(($"{Product}:Caches:orders-cache", "{}"));
        await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");

        app.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.True((await app.Broker.PublishAsync(Event, 1, cache: "orders-cache")).Cached);
        app.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False((await app.Broker.PublishAsync(Event, 1, cache: "orders-cache")).Cached);
    }

    [Fact]
    public async Task Another_event_environment_product_or_cache_does_not_share_it()
    {
        await using var app = await CachingApp.StartAsync(("Products:billing", """
            { "Brokers": { "sqsbroker": { "Envs": { "dev": { "Type": "IN_MEMORY" } }, "Topics": { "new-orders": {} } } },
              "Caches": { "orders-cache": {} } }
            """));
        await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");

        Assert.False((await app.Broker.PublishAsync("sqsbroker:shipped", 1, cache: "orders-cache")).Cached);
        Assert.False((await app.Broker.PublishAsync(Event, 1, env: "stg", cache: "orders-cache")).Cached);
        Assert.False((await app.Broker.PublishAsync(Event, 1, product: "billing", cache: "orders-cache")).Cached);
        Assert.False((await app.Broker.PublishAsync(Event, 1, cache: "other-cache")).Cached);
        Assert.False((await app.Broker.PublishAsync(Event, 1)).Cached);
        Assert.True((await app.Broker.PublishAsync(Event, 1, cache: "orders-cache")).Cached);
    }

    [Theory]
    [InlineData("""{ "total": 1.0 }""", """{ "total": 1 }""")]
    [InlineData("""{ "total": 1e2 }""", """{ "total": 100 }""")]
    [InlineData("""{ "total": 1 }""", """{ "total": "1" }""")]
    [InlineData("""{ "name": "A" }""", """{ "name": "\u0041" }""")]
    [InlineData("""{ "name": "a b" }""", """{ "name": "a  b" }""")]
    [InlineData("""{ "name": null }""", "{ }")]
    [InlineData("[1, 2]", "[2, 1]")]
    [InlineData("[1, [2]]", "[[1], 2]")]
    [InlineData("[12]", "[1, 2]")]
    [InlineData("""{ "a": 1, "a": 2 }""", """{ "a": 2, "a": 1 }""")]
    [InlineData("""{ "a": { "b": 1 }, "c": 2 }""", """{ "a": { "c": 2 }, "b": 1 }""")]
    public async Task Another_message_does_not_share_it(string message, string other)
    {
        await using var app = await CachingApp.StartAsync();
        await app.Broker.PublishAsync(Event, Encoding.UTF8.GetBytes(message), cache: "orders-cache");

        Assert.False((await app.Broker.PublishAsync(Event, Encoding.UTF8.GetBytes(other), cache: "orders-cache")).Cached);
        Assert.True((await app.Broker.PublishAsync(Event, Encoding.UTF8.GetBytes(message), cache: "orders-cache")).Cached);
    }

    [Fact]
    public async Task Headers_and_the_message_id_make_no_other_message()
    {
        await using var app = await CachingApp.StartAsync();
        var first = await app.Broker.PublishAsync(
            Event, 1, headers: new Dictionary<string, object?> { ["tenant"] = "acme" }, cache: "orders-cache");

        var second = await app.Broker.PublishAsync(new MessageBrokerPublishInput
        {
            Event = Event,
            Cache = "orders-cache",
            Input = new PublishInput { Message = 1, MessageId = "8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10" },
        });

        Assert.Equal(first with { Cached = true }, second);
    }

    [Fact]
    public async Task What_is_sent_is_the_message_as_it_was_written()
    {
        await using var app = await CachingApp.StartAsync();
        const string message = """{ "status" : "pending",  "orderId": 1.10 }""";

        await app.Broker.PublishAsync(
            Event, Encoding.UTF8.GetBytes(message), headers: new Dictionary<string, object?> { ["tenant"] = "acme" }, cache: "orders-cache");

        await app.Inbox.HasAsync(1);
        Assert.Equal(message, app.Inbox.Bodies[0]);
        Assert.Equal("acme", app.Inbox.Letters[0].Headers["tenant"]);
    }

    [Fact]
    public async Task A_message_that_is_refused_is_refused_in_the_same_way()
    {
        await using var app = await CachingApp.StartAsync(($"{Dev}:MaxMessageSize", "5"));

        for (var i = 0; i < 2; i++)
        {
            var exception = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Event, "too long", cache: "orders-cache"));
            Assert.Equal(DuctapeErrorCodes.MessageTooLarge, exception.Code);
        }
    }

    [Fact]
    public async Task A_cancelled_call_gets_no_cached_result()
    {
        await using var app = await CachingApp.StartAsync();
        await app.Broker.PublishAsync(Event, 1, cache: "orders-cache");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => app.Broker.PublishAsync(Event, 1, cache: "orders-cache", cancellationToken: new CancellationToken(true)));
    }
}
