using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Ductape.MassTransit.Conformance;

/// <summary>Order, redelivery, dead letters, deduplication and the kill switch on one topic.</summary>
public abstract class CombinedConformance : MessageBrokerConformance
{
    private static readonly TimeSpan Deadline = Eventually.Deadline;

    [Fact]
    public async Task In_an_ordered_topic_a_message_is_redelivered_dies_and_is_replayed_and_holds_its_key_up_no_longer_than_it_is_handled()
    {
        var topic = Topic("00:00:03");
        topic["Subscribers"] = new JsonArray("shop");
        var app = Start(topic);
        var (handled, mends) = (new ConcurrentQueue<(int Number, int Redeliveries, int Replays)>(), false);
        // All three wait, so that the time that publishing takes is none of the redelivery's.
        for (var i = 1; i <= 3; i++)
            await app.Broker.PublishAsync(Created, new { key = "a", number = i });
        await app.Broker.SubscribeAsync(Created, message =>
        {
            var number = message.Json.GetProperty("number").GetInt32();
            handled.Enqueue((number, message.Redeliveries, message.Replays));
            return number == 1 && !Volatile.Read(ref mends) ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
        });

        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        Volatile.Write(ref mends, true);
        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);
        await Eventually.TrueAsync(() => handled.Count == 5);
        await app.Broker.PublishAsync(Created, new { key = "a", number = 4 });
        await Eventually.TrueAsync(() => handled.Count == 6);
        Assert.Equal([(1, 0, 0), (2, 0, 0), (3, 0, 0), (1, 1, 0), (1, 0, 1), (4, 0, 0)], handled);
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
    }

    [Fact]
    public async Task In_an_ordered_topic_a_paused_redelivery_comes_when_the_subscription_goes_on()
    {
        var app = Start(Topic("00:00:01"));
        var (inbox, failed) = (new Inbox(), new TaskCompletionSource());
        var subscription = await app.Broker.SubscribeAsync(Created, message =>
        {
            if (message.Redeliveries > 0)
                return inbox.ReceiveAsync(message);
            failed.TrySetResult();
            throw new InvalidOperationException("Not yet.");
        });
        await app.Broker.PublishAsync(Created, new { key = "a" });
        await failed.Task.WaitAsync(Deadline);

        await subscription.PauseAsync().WaitAsync(Deadline);
        await subscription.ResumeAsync().WaitAsync(Deadline);

        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task A_replayed_message_is_handled_once_where_copies_are_dropped()
    {
        var topic = FastRetry(0);
        // The next one begins when this one is remembered.
        (topic["Deduplicate"], topic["Concurrency"]) = ("00:10:00", 1);
        var app = Start(topic);
        var (inbox, mends) = (new Inbox(), false);
        await app.Broker.SubscribeAsync(Created, message =>
            Volatile.Read(ref mends) ? inbox.ReceiveAsync(message) : throw new InvalidOperationException("Not yet."));
        var id = (await app.Broker.PublishAsync(Created, 1)).MessageId;
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        Volatile.Write(ref mends, true);

        await app.DeadLetters.ReplayAsync(Created);
        await inbox.HasAsync(1);
        await app.Broker.PublishAsync(new MessageBrokerPublishInput { Event = Created, Input = new PublishInput { Message = 1, MessageId = id } });
        await app.Broker.PublishAsync(Created, 2);

        await inbox.HasAsync(2);
        Assert.Equal([("1", 1), ("2", 0)], inbox.Letters.Select(x => (x.Body, x.Replays)));
    }

    [Fact]
    public async Task A_message_that_is_set_aside_for_later_does_not_trip_the_kill_switch()
    {
        var topic = Topic("00:00:01");
        topic["KillSwitch"] = new JsonObject { ["ActivationThreshold"] = 1, ["TripThreshold"] = 0.1, ["RestartTimeout"] = "01:00:00" };
        var app = Start(topic);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
            message.Redeliveries > 0 ? inbox.ReceiveAsync(message) : throw new InvalidOperationException("Not yet."));

        for (var i = 0; i < 5; i++)
            await app.Broker.PublishAsync(Created, new { key = "a", number = i });

        await inbox.HasAsync(5);
    }

    private static JsonObject Topic(params string[] delays)
    {
        var topic = FastRetry(0);
        topic["Redelivery"] = new JsonArray([.. delays.Select(x => JsonValue.Create(x))]);
        topic["PartitionKey"] = "key";
        topic["Concurrency"] = 4;
        return topic;
    }
}
