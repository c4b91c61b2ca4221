using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Ductape.MassTransit.Conformance;

/// <summary>When a failed message is tried again, in the process and by the broker.</summary>
public abstract class RedeliveryConformance : MessageBrokerConformance
{
    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task A_message_whose_retries_are_used_up_is_delivered_again_after_each_delay_as_it_was(string format)
    {
        var app = Start(Redelivering(1, "00:00:01", "00:00:01.500"), x => x["Format"] = format);
        var (inbox, times) = (new Inbox(), new ConcurrentQueue<long>());
        await app.Broker.SubscribeAsync(Created, async message =>
        {
            times.Enqueue(Stopwatch.GetTimestamp());
            await inbox.ReceiveAsync(message);
            if (message.Redeliveries < 2)
                throw new InvalidOperationException("Not yet.");
        });

        var result = await app.Broker.PublishAsync(Created, """{ "kept" :  "as it was" }"""u8.ToArray(),
            headers: new Dictionary<string, object?> { ["tenant"] = "acme", ["priority"] = 7 });

        await inbox.HasAsync(5);
        Assert.Equal([(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)], inbox.Letters.Select(x => (x.Attempt, x.Redeliveries)));
        Assert.All(inbox.Letters, letter =>
        {
            Assert.Equal("""{ "kept" :  "as it was" }""", letter.Body);
            Assert.Equal((result.MessageId, result.ProcessId), (letter.MessageId, letter.ProcessId));
            Assert.Equal(inbox.Letters[0].SentAt, letter.SentAt);
            Assert.Equal(["priority", "tenant"], letter.Headers.Keys.Order());
            Assert.Equal(("acme", 7L), (letter.Headers["tenant"], Convert.ToInt64(letter.Headers["priority"])));
        });
        var at = times.ToArray();
        Assert.True(Stopwatch.GetElapsedTime(at[1], at[2]) > TimeSpan.FromSeconds(0.95), "The first redelivery came too early.");
        Assert.True(Stopwatch.GetElapsedTime(at[3], at[4]) > TimeSpan.FromSeconds(1.45), "The second redelivery came too early.");
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
    }

    [Fact]
    public async Task After_the_last_redelivery_the_message_goes_to_the_errors()
    {
        var app = Start(Redelivering(1, "00:00:01", "00:00:01"));
        var attempts = new ConcurrentQueue<int>();
        await app.Broker.SubscribeAsync(Created, message =>
        {
            attempts.Enqueue(message.Attempt);
            throw new InvalidOperationException("Never.");
        });

        await app.Broker.PublishAsync(Created, 1);

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        Assert.Equal([1, 2, 3, 4, 5, 6], attempts);
        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        Assert.Equal((6, 2, "System.InvalidOperationException", "Never."), (dead.Attempts, dead.Redeliveries, dead.ExceptionType, dead.ExceptionMessage));
    }

    [Fact]
    public async Task A_message_that_waits_long_does_not_hold_up_those_that_wait_less()
    {
        var app = Start(Redelivering(0, "00:00:01", "00:10:00"));
        var (inbox, waitsLong) = (new Inbox(), new TaskCompletionSource());
        await app.Broker.SubscribeAsync(Created, message =>
        {
            if (message.Json.GetString() == "long" && message.Redeliveries == 1)
                waitsLong.TrySetResult();
            return message.Json.GetString() == "short" && message.Redeliveries == 1
                ? inbox.ReceiveAsync(message)
                : throw new InvalidOperationException("Not yet.");
        });

        await app.Broker.PublishAsync(Created, "long");
        await waitsLong.Task.WaitAsync(Eventually.Deadline);
        await app.Broker.PublishAsync(Created, "short");

        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task What_waits_while_nobody_subscribes_reaches_the_next_subscription()
    {
        // Several, since the first subscription may still be there when the first one comes.
        var app = Start(Redelivering(0, [.. Enumerable.Repeat("00:00:01", 10)]));
        var (failed, inbox) = (new TaskCompletionSource(), new Inbox());
        var first = await app.Broker.SubscribeAsync(Created, _ =>
        {
            failed.TrySetResult();
            throw new InvalidOperationException("Not here.");
        });
        await app.Broker.PublishAsync(Created, 1);
        await failed.Task.WaitAsync(Eventually.Deadline);

        await first.StopAsync();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await inbox.HasAsync(1);
        Assert.InRange(inbox.Letters[0].Redeliveries, 1, 10);
        Assert.Equal(inbox.Letters[0].Redeliveries + 1, inbox.Letters[0].Attempt);
    }

    [Fact]
    public async Task An_ephemeral_subscription_redelivers_too()
    {
        var app = Start(Redelivering(0, "00:00:01"));
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
            message.Redeliveries == 0 ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message), ephemeral: true);

        await app.Broker.PublishAsync(Created, 1);

        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task A_redelivered_message_that_was_handled_meanwhile_is_dropped()
    {
        var topic = Redelivering(0, "00:00:01");
        (topic["Deduplicate"], topic["Concurrency"]) = ("00:10:00", 1);
        var app = Start(topic);
        var (inbox, calls) = (new Inbox(), new ConcurrentQueue<string>());
        await app.Broker.SubscribeAsync(Created, message =>
        {
            var text = message.Json.GetString()!;
            calls.Enqueue(text);
            return calls.Count(x => x == text) == 1 ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message);
        });
        var input = new MessageBrokerPublishInput
        {
            Event = Created,
            Input = new PublishInput { Message = "twice", MessageId = "11111111-2222-3333-4444-666666666666" },
        };

        await app.Broker.PublishAsync(input);
        await Eventually.TrueAsync(() => !calls.IsEmpty);
        await app.Broker.PublishAsync(input);
        await app.Broker.PublishAsync(Created, "later");

        // The copy of "twice" or what comes back of it is handled, whichever is the first; "later" comes back after
        // both.
        await inbox.HasAsync(2);
        Assert.Equal(["later", "twice"], inbox.Bodies.Select(x => x.Trim('"')).Order());
        Assert.Equal(["later", "later", "twice", "twice"], calls.Order());
    }

    [Theory]
    [InlineData("Ignore", "System.ArgumentException")]
    [InlineData("Ignore", "ArgumentNullException")]
    [InlineData("Handle", "System.TimeoutException")]
    public async Task What_is_not_worth_another_attempt_goes_to_the_errors_at_once(string key, string type)
    {
        var topic = Redelivering(5, "00:10:00");
        topic["Retry"]![key] = new JsonArray(type);
        var app = Start(topic);
        var attempts = 0;
        await app.Broker.SubscribeAsync(Created, _ =>
        {
            Interlocked.Increment(ref attempts);
            throw new ArgumentNullException("order");
        });

        await app.Broker.PublishAsync(Created, 1);

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        Assert.Equal(1, attempts);
    }

    [Theory]
    [InlineData("Handle", "System.ArgumentException")]
    [InlineData("Handle", "Exception")]
    [InlineData("Ignore", "System.TimeoutException")]
    public async Task What_is_worth_another_attempt_is_retried(string key, string type)
    {
        var topic = FastRetry(2);
        topic["Retry"]![key] = new JsonArray(type);
        var app = Start(topic);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
            message.Attempt < 3 ? throw new ArgumentNullException("order") : inbox.ReceiveAsync(message));

        await app.Broker.PublishAsync(Created, 1);

        await inbox.HasAsync(1);
    }

    [Theory]
    [InlineData("Ignore", 1)]
    [InlineData("Handle", 3)]
    public async Task A_timeout_of_the_callback_goes_by_its_name(string key, int attempts)
    {
        var topic = FastRetry(2);
        topic["Retry"]![key] = new JsonArray("System.Threading.Tasks.TaskCanceledException");
        var app = Start(topic);
        await app.Broker.SubscribeAsync(Created, _ => throw new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout."));

        await app.Broker.PublishAsync(Created, 1);

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        Assert.Equal(attempts, Assert.Single(await app.DeadLetters.PeekAsync(Created)).Attempts);
    }

    protected static JsonObject Redelivering(int retries, params string[] delays)
    {
        var topic = FastRetry(retries);
        topic["Redelivery"] = new JsonArray([.. delays.Select(x => JsonValue.Create(x))]);
        return topic;
    }
}
