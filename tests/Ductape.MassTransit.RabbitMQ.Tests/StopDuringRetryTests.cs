using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// A message that waits for its next attempt in this process goes back to the server when its subscription takes no
/// more.
/// </summary>
public sealed class StopDuringRetryTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static JsonObject LongRetry => new()
    {
        ["Retry"] = new JsonObject { ["Count"] = 3, ["InitialDelay"] = "00:10:00", ["MaxDelay"] = "00:10:00" },
    };

    [Fact]
    public async Task A_pause_gives_it_back_and_it_begins_anew_after_that()
    {
        var app = Start(LongRetry);
        var (failed, inbox) = (new TaskCompletionSource(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, message =>
            failed.TrySetResult() ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message));
        await app.Broker.PublishAsync(Created, 1);
        await failed.Task.WaitAsync(Deadline);

        await subscription.PauseAsync().WaitAsync(Deadline);
        await QueueHasAsync(ready: 1);
        await subscription.ResumeAsync().WaitAsync(Deadline);

        await inbox.HasAsync(1, Deadline);
        Assert.Equal((1, 0), (inbox.Letters[0].Attempt, (int)await app.DeadLetters.CountAsync(Created)));
    }

    [Fact]
    public async Task A_stop_gives_it_back_before_those_that_wait_for_their_turn()
    {
        var topic = LongRetry;
        topic["PartitionKey"] = "key";
        var app = Start(topic);
        var (failed, calls) = (new TaskCompletionSource(), new ConcurrentQueue<int>());
        var first = await app.Broker.SubscribeAsync(Created, message =>
        {
            calls.Enqueue(message.Json.GetProperty("n").GetInt32());
            failed.TrySetResult();
            throw new InvalidOperationException("Not yet.");
        });
        for (var n = 0; n < 5; n++)
            await app.Broker.PublishAsync(Created, new { key = "a", n });
        await failed.Task.WaitAsync(Deadline);

        await first.StopAsync().WaitAsync(Deadline);
        await QueueHasAsync(ready: 5);
        Assert.Equal([0], calls);
        await app.Broker.SubscribeAsync(Created, message =>
        {
            calls.Enqueue(message.Json.GetProperty("n").GetInt32());
            return Task.CompletedTask;
        });

        await Eventually.TrueAsync(() => calls.Count == 6, Deadline);
        Assert.Equal([0, 0, 1, 2, 3, 4], calls);
    }

    [Fact]
    public async Task A_callback_that_is_running_is_waited_for_and_its_failure_does_not_count()
    {
        var app = Start(LongRetry);
        var (entered, release, inbox) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        var first = await app.Broker.SubscribeAsync(Created, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            throw new InvalidOperationException("Not yet.");
        });
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Deadline);

        var stopping = first.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping.WaitAsync(Deadline);
        await QueueHasAsync(ready: 1);
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await inbox.HasAsync(1, Deadline);
        Assert.Equal((1, 0), (inbox.Letters[0].Attempt, (int)await app.DeadLetters.CountAsync(Created)));
    }

    private Task QueueHasAsync(int ready) => Eventually.TrueAsync(async () =>
        (await Node.ControlAsync("list_queues", "name", "messages_ready", "messages_unacknowledged")).Contains($"{ShopQueue}\t{ready}\t0\n"), Deadline);
}
