using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

public class ConcurrencyTests
{
    [Fact]
    public async Task As_many_callbacks_run_at_once_as_the_topic_says_and_no_more()
    {
        await using var services = TestProvider.Build(With(($"{Topic}:Concurrency", "3"), ($"{Topic}:Prefetch", "10")));
        var (together, running, tooMany, done) = (new TaskCompletionSource(), 0, false, new Inbox());
        await using var subscription = await services.Broker().SubscribeAsync(Event, async message =>
        {
            var now = Interlocked.Increment(ref running);
            if (now == 3)
                together.TrySetResult();
            tooMany |= now > 3;
            await together.Task;
            await Task.Yield();
            Interlocked.Decrement(ref running);
            await done.ReceiveAsync(message);
        });

        for (var i = 0; i < 60; i++)
            await services.Broker().PublishAsync(Event, i);

        await done.HasAsync(60);
        Assert.False(tooMany);
    }

    [Fact]
    public async Task Callbacks_that_block_their_thread_run_at_once_too()
    {
        await using var services = TestProvider.Build(With(($"{Topic}:Concurrency", "2")));
        using var together = new Barrier(2);
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, message =>
        {
            Assert.True(together.SignalAndWait(Eventually.Deadline), "The other callback did not begin.");
            return inbox.ReceiveAsync(message);
        });

        await services.Broker().PublishAsync(Event, 1);
        await services.Broker().PublishAsync(Event, 2);

        await inbox.HasAsync(2);
    }
}
