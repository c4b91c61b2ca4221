using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Caching.Tests.Instances;

namespace Ductape.MassTransit.Caching.Tests;

/// <summary>
/// While the distributed cache is out of reach, messages still go out, and this process still holds its own duplicates
/// back.
/// </summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    public async ValueTask InitializeAsync() => await _redis.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task A_publish_goes_out_with_a_warning_while_Redis_is_down()
    {
        await using var instances = new Instances(_redis);
        var app = instances.Start();
        await app.Broker.PublishAsync(Event, 0, cache: Cache);

        await _redis.KillAsync();
        var first = await app.Broker.PublishAsync(Event, 1, cache: Cache, idempotencyKey: "order-1");

        Assert.False(first.Cached);
        Assert.Equal(first with { Cached = true }, await app.Broker.PublishAsync(Event, 1, cache: Cache, idempotencyKey: "order-1"));
        Assert.Contains(instances.Warnings.Lines, x => x.StartsWith("Warning: The distributed cache did not answer: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_published_before_is_still_held_back_by_the_process_that_published_it()
    {
        await using var instances = new Instances(_redis);
        var app = instances.Start();
        var first = await app.Broker.PublishAsync(Event, 1, cache: Cache);

        await _redis.KillAsync();

        Assert.Equal(first with { Cached = true }, await app.Broker.PublishAsync(Event, 1, cache: Cache));
    }

    [Fact]
    public async Task An_application_starts_and_publishes_while_Redis_is_down_and_shares_the_window_when_it_is_back()
    {
        await using var instances = new Instances(_redis);
        await _redis.KillAsync();
        var (one, other, i) = (instances.Start(), instances.Start(), 0);
        Assert.False((await one.Broker.PublishAsync(Event, i, cache: Cache)).Cached);

        await _redis.StartAsync();

        await Eventually.TrueAsync(async () =>
        {
            await one.Broker.PublishAsync(Event, ++i, cache: Cache);
            return (await other.Broker.PublishAsync(Event, i, cache: Cache)).Cached;
        }, TimeSpan.FromSeconds(60), "the window is shared");
    }

    [Fact]
    public async Task A_Redis_that_does_not_answer_holds_publishes_up_once_and_not_for_long()
    {
        // A clock that stands: for as long as the cache is left out, nobody asks it again, however busy the machine is.
        await using var instances = new Instances(_redis, time: new StandingClock());
        var app = instances.Start();
        await app.Broker.PublishAsync(Event, 0, cache: Cache);

        await _redis.FreezeAsync();
        try
        {
            Assert.False((await app.Broker.PublishAsync(Event, 1, cache: Cache)).Cached);
            var warnings = instances.Warnings.Lines.Count;
            Assert.NotEqual(0, warnings);

            for (var i = 2; i <= 20; i++)
                Assert.False((await app.Broker.PublishAsync(Event, i, cache: Cache)).Cached);

            // Each wait in vain would have been another.
            Assert.Equal(warnings, instances.Warnings.Lines.Count);
        }
        finally
        {
            await _redis.ThawAsync();
        }
    }

    private sealed class StandingClock : TimeProvider
    {
        private readonly long _now = System.GetTimestamp();

        public override long GetTimestamp() => _now;
    }
}
