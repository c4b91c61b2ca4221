using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Several instances of one product, which share its queue.</summary>
public sealed class CompetingInstancesTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Fact]
    public async Task Instances_of_one_product_share_the_messages()
    {
        var (one, two) = (Start(), Start());
        var (first, second) = (new Inbox(), new Inbox());
        // Each holds what it has until the other has some too; there is more than one of them may hold.
        var (here, there) = (new TaskCompletionSource(), new TaskCompletionSource());
        async Task ReceiveAsync(ReceivedMessage message, Inbox inbox, TaskCompletionSource own)
        {
            own.TrySetResult();
            await Task.WhenAll(here.Task, there.Task);
            await inbox.ReceiveAsync(message);
        }

        await one.Broker.SubscribeAsync(Created, x => ReceiveAsync(x, first, here));
        await two.Broker.SubscribeAsync(Created, x => ReceiveAsync(x, second, there));

        for (var i = 0; i < 100; i++)
            await one.Broker.PublishAsync(Created, i);

        await Eventually.TrueAsync(() => first.Count + second.Count >= 100);
        Assert.Equal(Enumerable.Range(0, 100).Select(x => $"{x}").Order(), first.Bodies.Concat(second.Bodies).Order());
        Assert.NotEqual(0, first.Count);
        Assert.NotEqual(0, second.Count);
    }

    [Fact]
    public async Task A_message_whose_instance_goes_away_before_it_is_handled_comes_to_the_next()
    {
        // Prefetched messages that were not handed to a callback must return to the queue when the subscription stops.
        var (one, two) = (Start(new JsonObject { ["Concurrency"] = 1 }), Start());
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var (first, second) = (new Inbox(), new Inbox());
        var subscription = await one.Broker.SubscribeAsync(Created, async message =>
        {
            entered.TrySetResult();
            await release.Task;
            await first.ReceiveAsync(message);
        });
        for (var i = 0; i < 10; i++)
            await one.Broker.PublishAsync(Created, i);
        await entered.Task.WaitAsync(Eventually.Deadline);

        var stopping = subscription.StopAsync();
        await Eventually.TrueAsync(async () => (await Node.ControlAsync("list_queues", "name", "consumers")).Contains($"{ShopQueue}\t0"));
        release.SetResult();
        await stopping;
        await two.Broker.SubscribeAsync(Created, second.ReceiveAsync);

        await Eventually.TrueAsync(() => first.Count + second.Count >= 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(x => $"{x}"), first.Bodies.Concat(second.Bodies).Order());
        Assert.Equal(1, first.Count);
    }

    [Fact]
    public async Task No_more_callbacks_run_at_once_than_the_topic_says()
    {
        var app = Start(new JsonObject { ["Concurrency"] = 3, ["Prefetch"] = 10 });
        var (running, most, done) = (0, 0, 0);
        await app.Broker.SubscribeAsync(Created, async _ =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            await Eventually.TrueAsync(() => Volatile.Read(ref most) == 3 || Volatile.Read(ref done) > 50);
            Interlocked.Decrement(ref running);
            Interlocked.Increment(ref done);
        });

        for (var i = 0; i < 60; i++)
            await app.Broker.PublishAsync(Created, i);

        await Eventually.TrueAsync(() => Volatile.Read(ref done) == 60);
        Assert.Equal(3, most);
        await Node.ListAsync($"{ShopQueue}\t10", "list_consumers", "queue_name", "prefetch_count");
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        do
            seen = Volatile.Read(ref target);
        while (seen < value && Interlocked.CompareExchange(ref target, value, seen) != seen);
    }
}
