using System.Text.Json.Nodes;

namespace Ductape.MassTransit.Conformance;

/// <summary>Messages that are handled in order, by their partition key.</summary>
public abstract class OrderConformance : MessageBrokerConformance
{
    private static readonly TimeSpan Deadline = Eventually.Deadline;

    protected virtual int OrderedMessages => 10_000;

    /// <summary>Whether the broker may deliver what was acknowledged in the moment before its consumer went.</summary>
    protected virtual bool DeliversAgain => false;

    [Fact]
    public async Task Messages_with_the_same_key_are_handled_one_after_the_other_in_their_order()
    {
        const int keys = 50;
        var app = Start(Topic(concurrency: 16));
        var log = new OrderLog();
        await app.Broker.SubscribeAsync(Created, log.ReceiveAsync);

        await PublishAsync(app, keys, OrderedMessages / keys);

        await Eventually.TrueAsync(() => log.Count >= OrderedMessages, TimeSpan.FromSeconds(120));
        Assert.Equal(keys, log.Keys.Count());
        foreach (var key in log.Keys)
            Assert.Equal(Enumerable.Range(0, OrderedMessages / keys), log.Of(key));
        Assert.Empty(log.Overlaps);
        Assert.InRange(log.Most, 1, 16);
    }

    [Fact]
    public async Task The_order_holds_while_a_subscription_pauses_and_resumes()
    {
        const int keys = 10;
        const int each = 60;
        var app = Start(Topic(concurrency: 4));
        var log = new OrderLog();
        var subscription = await app.Broker.SubscribeAsync(Created, log.ReceiveAsync);

        var publishing = PublishAsync(app, keys, each);
        for (var i = 0; i < 8; i++)
        {
            var seen = log.Count;
            await subscription.PauseAsync().WaitAsync(Deadline);
            await subscription.ResumeAsync().WaitAsync(Deadline);
            await Eventually.TrueAsync(() => log.Count > seen || log.Count >= keys * each);
        }

        await publishing;
        await Eventually.TrueAsync(() => log.Keys.Count() == keys && log.Keys.All(x => log.Of(x).Contains(each - 1)), TimeSpan.FromSeconds(60));
        foreach (var key in log.Keys)
            Assert.Equal(Enumerable.Range(0, each), DeliversAgain ? log.Of(key).Distinct() : log.Of(key));
    }

    [Fact]
    public async Task Messages_with_different_keys_and_without_one_run_at_the_same_time()
    {
        var app = Start(Topic(concurrency: 4));
        var (together, running) = (new TaskCompletionSource(), 0);
        await app.Broker.SubscribeAsync(Created, _ =>
        {
            if (Interlocked.Increment(ref running) == 4)
                together.TrySetResult();
            return together.Task;
        });

        await app.Broker.PublishAsync(Created, new { key = "a" });
        await app.Broker.PublishAsync(Created, new { key = "b" });
        await app.Broker.PublishAsync(Created, new { key = (string?)null });
        await app.Broker.PublishAsync(Created, new { });

        await together.Task.WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_message_waits_for_the_retries_of_the_one_before_and_follows_when_that_has_failed()
    {
        var topic = Topic(concurrency: 4);
        topic["Retry"] = FastRetry(2)["Retry"]!.DeepClone();
        var app = Start(topic);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, async message =>
        {
            await inbox.ReceiveAsync(message);
            if (message.Json.GetProperty("number").GetInt32() == 1)
                throw new InvalidOperationException("The callback fails on purpose.");
        });

        for (var i = 1; i <= 3; i++)
            await app.Broker.PublishAsync(Created, new { key = "a", number = i });

        await inbox.HasAsync(5);
        Assert.Equal([(1, 1), (1, 2), (1, 3), (2, 1), (3, 1)],
            inbox.Letters.Select(x => (JsonNode.Parse(x.Body)!["number"]!.GetValue<int>(), x.Attempt)));
        Assert.Equal(["""{"key":"a","number":1}"""], await ErrorsAsync(app, 1));
    }

    [Fact]
    public async Task A_key_with_many_messages_does_not_hold_up_the_others()
    {
        var app = Start(Topic(concurrency: 2));
        var (release, inbox) = (new TaskCompletionSource(), new Inbox());
        await app.Broker.SubscribeAsync(Created, async message =>
        {
            if (message.PartitionKey == "hot")
                await release.Task;
            await inbox.ReceiveAsync(message);
        });
        for (var i = 0; i < 20; i++)
            await app.Broker.PublishAsync(Created, i, partitionKey: "hot");

        for (var i = 0; i < 20; i++)
            await app.Broker.PublishAsync(Created, 100 + i, partitionKey: $"cold{i}");

        await inbox.HasAsync(20);
        Assert.All(inbox.Bodies, x => Assert.StartsWith("1", x));
        release.SetResult();
        await inbox.HasAsync(40);
        Assert.Equal(Enumerable.Range(0, 20).Select(x => $"{x}"), inbox.Bodies.Skip(20));
    }

    [Fact]
    public async Task Messages_of_a_declared_subscriber_that_comes_late_are_in_order()
    {
        var topic = Topic(concurrency: 8);
        topic["Subscribers"] = new JsonArray("shop");
        var app = Start(topic);
        var log = new OrderLog();
        await PublishAsync(app, keys: 5, each: 40);

        await app.Broker.SubscribeAsync(Created, log.ReceiveAsync);

        await Eventually.TrueAsync(() => log.Count >= 200);
        foreach (var key in log.Keys)
            Assert.Equal(Enumerable.Range(0, 40), log.Of(key));
    }

    [Fact]
    public async Task Stopping_gives_back_what_waits_for_its_turn()
    {
        var app = Start(Topic(concurrency: 4));
        var (entered, release, first, second) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, async message =>
        {
            entered.TrySetResult();
            await release.Task;
            await first.ReceiveAsync(message);
        });
        for (var i = 0; i < 10; i++)
            await app.Broker.PublishAsync(Created, i, partitionKey: "a");
        await entered.Task.WaitAsync(Deadline);

        var stopping = subscription.StopAsync();
        release.SetResult();
        await stopping.WaitAsync(Deadline);
        Assert.Equal(["0"], first.Bodies);
        await app.Broker.SubscribeAsync(Created, second.ReceiveAsync);

        await second.HasAsync(9);
        Assert.Equal(Enumerable.Range(1, 9).Select(x => $"{x}"), second.Bodies);
    }

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task The_key_of_the_call_or_else_of_the_message_arrives(string format)
    {
        var app = Start(new JsonObject { ["PartitionKey"] = "customer.id" }, x => x["Format"] = format);
        var keys = new System.Collections.Concurrent.ConcurrentDictionary<int, string?>();
        await app.Broker.SubscribeAsync(Created, message =>
        {
            keys[message.Json.GetProperty("number").GetInt32()] = message.PartitionKey;
            return Task.CompletedTask;
        });

        await app.Broker.PublishAsync(Created, new { number = 1, customer = new { id = "c é" } });
        await app.Broker.PublishAsync(Created, new { number = 2, customer = new { id = 12.50m } });
        await app.Broker.PublishAsync(Created, new { number = 3, customer = new { id = "c" } }, partitionKey: "of the call");
        await app.Broker.PublishAsync(Created, new { number = 4, customer = new { id = true } });
        await app.Broker.PublishAsync(Created, new { number = 5 });

        await Eventually.TrueAsync(() => keys.Count == 5);
        Assert.Equal(["c é", "12.50", "of the call", null, null], keys.OrderBy(x => x.Key).Select(x => x.Value));
    }

    protected static JsonObject Topic(int concurrency) => new() { ["PartitionKey"] = "key", ["Concurrency"] = concurrency };

    /// <summary>
    /// Publishes the messages of each key one after the other, and those of different keys side by side.
    /// </summary>
    protected Task PublishAsync(ConformanceApp app, int keys, int each) =>
        Parallel.ForAsync(0, keys, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, _) =>
        {
            for (var i = 0; i < each; i++)
                await app.Broker.PublishAsync(Created, new OrderLog.Order($"key{key}", i));
        });
}
