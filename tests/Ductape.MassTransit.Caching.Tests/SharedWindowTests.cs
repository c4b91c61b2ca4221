using System.Text;
using Ductape.MassTransit.Conformance;
using StackExchange.Redis;
using static Ductape.MassTransit.Caching.Tests.Instances;

namespace Ductape.MassTransit.Caching.Tests;

public sealed class SharedWindowTests(RedisFixture redis)
{
    [Fact]
    public async Task Another_instance_gets_the_first_ones_result()
    {
        await using var instances = new Instances(redis.Server);
        var (one, other, inbox) = (instances.Start(), instances.Start(), new Inbox());
        await using var subscription = await other.Broker.SubscribeAsync(Event, inbox.ReceiveAsync);

        var first = await one.Broker.PublishAsync(Event, new { orderId = "1", status = "pending" }, cache: Cache);
        var second = await other.Broker.PublishAsync(Event, new { status = "pending", orderId = "1" }, cache: Cache);

        Assert.False(first.Cached);
        Assert.Equal(first with { Cached = true }, second);
        Assert.Empty(inbox.Bodies);
        Assert.DoesNotContain(instances.Warnings.Lines, x => x.Contains("distributed cache", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_instance_that_starts_later_gets_it_too()
    {
        await using var instances = new Instances(redis.Server);
        var first = await instances.Start().Broker.PublishAsync(Event, 1, idempotencyKey: "order-1");

        Assert.Equal(first with { Cached = true }, await instances.Start().Broker.PublishAsync(Event, 1, idempotencyKey: "order-1"));
    }

    [Fact]
    public async Task A_key_that_another_instance_used_for_another_message_is_refused()
    {
        await using var instances = new Instances(redis.Server);
        var first = await instances.Start().Broker.PublishAsync(Event, 1, idempotencyKey: "order-1");

        var exception = await Assert.ThrowsAsync<DuctapeException>(
            () => instances.Start().Broker.PublishAsync(Event, 2, idempotencyKey: "order-1"));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, exception.Code);
        Assert.Contains($"{first.ProcessId}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_instance_has_published_another_one_holds_back_at_once()
    {
        await using var instances = new Instances(redis.Server, expiry: 60_000);
        var (one, other) = (instances.Start(), instances.Start());

        // Both have their connection to Redis, which then takes a while to write.
        await one.Broker.PublishAsync(Event, 0, cache: Cache);
        await other.Broker.PublishAsync(Event, 0, cache: Cache);
        using var client = await ConnectionMultiplexer.ConnectAsync(redis.Server.Address);
        await client.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "500", "WRITE");

        var first = await one.Broker.PublishAsync(Event, 1, cache: Cache);

        Assert.Equal(first with { Cached = true }, await other.Broker.PublishAsync(Event, 1, cache: Cache));
    }

    [Fact]
    public async Task The_window_ends_for_every_instance()
    {
        await using var instances = new Instances(redis.Server, expiry: 2_000);
        var (one, other) = (instances.Start(), instances.Start());
        var (number, first) = (0, default(PublishResult)!);
        // On a busy machine a window may be over before the other one asks.
        await Eventually.TrueAsync(async () =>
        {
            first = await one.Broker.PublishAsync(Event, ++number, cache: Cache);
            return first with { Cached = true } == await other.Broker.PublishAsync(Event, number, cache: Cache);
        });

        // The other one asks all the time, which must not lengthen the window.
        await Eventually.TrueAsync(async () => (await other.Broker.PublishAsync(Event, number, cache: Cache)).ProcessId != first.ProcessId);
        await Eventually.TrueAsync(async () => (await one.Broker.PublishAsync(Event, number, cache: Cache)).ProcessId != first.ProcessId);
    }

    [Fact]
    public async Task Values_are_JSON_and_leave_Redis_when_they_expire()
    {
        await using var instances = new Instances(redis.Server, expiry: 60_000);
        var result = await instances.Start().Broker.PublishAsync(Event, "a secret message", cache: Cache);

        using var client = await ConnectionMultiplexer.ConnectAsync(redis.Server.Address);
        var key = Assert.Single(client.GetServer(redis.Server.Address).Keys(pattern: $"{instances.Prefix}*"));
        var value = Encoding.UTF8.GetString((byte[])(await client.GetDatabase().HashGetAsync(key, "data"))!);

        Assert.Contains($"\"process_id\":\"{result.ProcessId}\"", value, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret message", value, StringComparison.Ordinal);
        Assert.InRange((await client.GetDatabase().KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(61));
    }

    [Fact]
    public async Task A_publish_without_cache_and_key_leaves_nothing_in_Redis()
    {
        await using var instances = new Instances(redis.Server);
        await instances.Start().Broker.PublishAsync(Event, 1);

        using var client = await ConnectionMultiplexer.ConnectAsync(redis.Server.Address);
        Assert.Empty(client.GetServer(redis.Server.Address).Keys(pattern: $"{instances.Prefix}*"));
    }
}
