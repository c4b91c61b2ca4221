using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>How deliveries reach callbacks: so many at once, whatever the callbacks do.</summary>
public sealed class DispatchTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task As_many_callbacks_as_are_allowed_run_at_once_and_no_more_though_they_block_their_threads(int concurrency)
    {
        const int messages = 30;
        var (inside, most, done) = (0, 0, 0);
        using var entered = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        var app = Start(new JsonObject { ["Concurrency"] = concurrency, ["Prefetch"] = 20 });
        await app.Broker.SubscribeAsync(Created, _ =>
        {
            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            entered.Release();
            release.Wait(Eventually.Deadline, CancellationToken.None);
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref done);
            return Task.CompletedTask;
        });

        for (var i = 0; i < messages; i++)
            await app.Broker.PublishAsync(Created, i);

        for (var i = 0; i < concurrency; i++)
            Assert.True(await entered.WaitAsync(Eventually.Deadline), $"Only {i} of {concurrency} callbacks began.");
        release.Set();
        await Eventually.TrueAsync(() => Volatile.Read(ref done) == messages);
        Assert.Equal(concurrency, most);
    }

    [Fact]
    public async Task Bodies_that_wait_for_a_callback_stay_what_they_are_while_others_are_received()
    {
        const int messages = 300;
        const int prefetch = 50;
        var (received, release) = (new ConcurrentDictionary<int, string>(), new TaskCompletionSource());
        var app = Start(new JsonObject { ["Concurrency"] = 2, ["Prefetch"] = prefetch });
        await app.Broker.SubscribeAsync<Body>(Created, async (body, _) =>
        {
            await release.Task;
            received[body.Number] = body.Text;
        });

        await app.Broker.PublishManyAsync(Created, Enumerable.Range(0, messages).Select(x => new Body(x, TextOf(x))));
        await UnacknowledgedAsync(prefetch);
        release.SetResult();

        await Eventually.TrueAsync(() => received.Count == messages);
        Assert.All(received, x => Assert.Equal(TextOf(x.Key), x.Value));
    }

    private static string TextOf(int number) => new((char)('a' + (number % 26)), 1 + (number * 37 % 5_000));

    private static void InterlockedMax(ref int most, int value)
    {
        int before;
        while (value > (before = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, before) != before)
        {
        }
    }

    private sealed record Body(int Number, string Text);
}
