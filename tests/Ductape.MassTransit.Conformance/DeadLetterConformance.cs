using System.Diagnostics;
using System.Text;

namespace Ductape.MassTransit.Conformance;

/// <summary>What failed for good: looked at, replayed, discarded.</summary>
public abstract class DeadLetterConformance : MessageBrokerConformance
{
    [Fact]
    public async Task Where_nothing_has_failed_there_are_none()
    {
        var app = Start();

        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
        Assert.Empty(await app.DeadLetters.PeekAsync(Created));
        Assert.Equal(new ReplayResult(0, 0, 0, false), await app.DeadLetters.ReplayAsync(Created));
        Assert.Equal(new DiscardResult(0, 0, 0, false), await app.DeadLetters.DiscardAsync(Created, DeadLetterSelection.All));

        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);

        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
    }

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task A_dead_letter_says_what_failed_why_when_where_and_how_often(string format)
    {
        var app = Start(FastRetry(2), x => x["Format"] = format);
        await app.Broker.SubscribeAsync(Created, _ => FailAsync(), product: "billing");
        var before = TimeProvider.System.GetUtcNow();

        var result = await app.Broker.PublishAsync(Created, """{ "kept" :  "as it was, é" }"""u8.ToArray(),
            headers: new Dictionary<string, object?> { ["tenant"] = "acme", ["priority"] = 7 });

        await HasDiedAsync(app, 1, product: "billing");
        for (var i = 0; i < 2; i++)
        {
            var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created, product: "billing"));
            Assert.Equal((result.MessageId, result.ProcessId), (dead.MessageId, dead.ProcessId));
            Assert.Equal("""{ "kept" :  "as it was, é" }""", Encoding.UTF8.GetString(dead.Body.Span));
            Assert.Equal("as it was, é", dead.Json.GetProperty("kept").GetString());
            Assert.Equal(["priority", "tenant"], dead.Headers.Keys.Order());
            Assert.Equal(("acme", 7L), (dead.Headers["tenant"], Convert.ToInt64(dead.Headers["priority"])));
            Assert.Equal(("fault", "System.IO.InvalidDataException", "No stock."), (dead.Reason, dead.ExceptionType, dead.ExceptionMessage));
            Assert.Contains(nameof(FailAsync), dead.StackTrace);
            Assert.InRange(dead.FailedAt!.Value, before.AddSeconds(-1), TimeProvider.System.GetUtcNow().AddSeconds(1));
            Assert.Equal((3, 0, 0), (dead.Attempts, dead.Redeliveries, dead.Replays));
            Assert.Equal(Environment.MachineName, dead.Host);
            Assert.EndsWith($"/{app.Catalog.FetchRoute(Created, product: "billing").Queue}", dead.InputAddress);
            Assert.NotNull(dead.Consumer);
            Assert.StartsWith(format == "json" ? "application/json" : "application/vnd.masstransit+json", dead.ContentType);
        }
    }

    [Fact]
    public async Task Peeking_takes_the_oldest_up_to_the_limit_and_leaves_them()
    {
        var app = Start(FastRetry(0));
        await FailInOrderAsync(app, 5);

        for (var i = 0; i < 3; i++)
            Assert.Equal([1, 2, 3], (await app.DeadLetters.PeekAsync(Created, limit: 3)).Select(NumberOf));

        Assert.Equal([1, 2, 3, 4, 5], (await app.DeadLetters.PeekAsync(Created)).Select(NumberOf));
        Assert.Equal(5, await app.DeadLetters.CountAsync(Created));
    }

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task A_replayed_message_reaches_only_the_queue_where_it_failed_as_it_was(string format)
    {
        var app = Start(FastRetry(1), x => x["Format"] = format);
        var (shop, audit, billing) = (new Inbox(), new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync(Created, message => message.Replays == 0 ? FailAsync() : shop.ReceiveAsync(message));
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await app.Broker.SubscribeAsync(Created, billing.ReceiveAsync, product: "billing");
        var published = await app.Broker.PublishAsync(Created, """{ "kept" :  "as it was" }"""u8.ToArray(),
            headers: new Dictionary<string, object?> { ["tenant"] = "acme" });
        await HasDiedAsync(app, 1);

        var result = await app.DeadLetters.ReplayAsync(Created);

        await shop.HasAsync(1);
        var letter = shop.Letters.Single();
        Assert.Equal(new ReplayResult(1, 1, 0, false), result);
        Assert.Equal("""{ "kept" :  "as it was" }""", letter.Body);
        Assert.Equal((published.MessageId, published.ProcessId), (letter.MessageId, letter.ProcessId));
        Assert.Equal((1, 0, 1), (letter.Attempt, letter.Redeliveries, letter.Replays));
        Assert.Equal(audit.Letters.Single().SentAt, letter.SentAt);
        Assert.Equal("acme", Assert.Single(letter.Headers).Value);
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
        Assert.Equal((1, 1), (audit.Count, billing.Count));
    }

    [Fact]
    public async Task A_replayed_message_that_fails_again_is_not_replayed_twice_and_counts_its_replays()
    {
        var app = Start(FastRetry(1));
        await app.Broker.SubscribeAsync(Created, _ => FailAsync());
        await app.Broker.PublishAsync(Created, 1);
        await HasDiedAsync(app, 1);

        for (var replay = 1; replay <= 2; replay++)
        {
            Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);
            await HasDiedAsync(app, 1);
            var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
            Assert.Equal((replay, 2), (dead.Replays, dead.Attempts));
        }
    }

    [Fact]
    public async Task A_replay_takes_only_what_is_selected_and_the_rest_stays_in_its_order()
    {
        var app = Start(FastRetry(0));
        var (inbox, ids) = await FailInOrderAsync(app, 9);

        var dry = await app.DeadLetters.ReplayAsync(Created, new DeadLetterSelection { Where = x => NumberOf(x) % 2 == 0 }, dryRun: true);
        Assert.Equal(new ReplayResult(4, 0, 9, true), dry);

        var even = await app.DeadLetters.ReplayAsync(Created, new DeadLetterSelection { Where = x => NumberOf(x) is 2 or 4 or 6, Limit = 3 });
        Assert.Equal(new ReplayResult(3, 3, 6, false), even);
        await inbox.HasAsync(3);
        await AssertLeftAsync(app, 1, 3, 5, 7, 8, 9);

        var byId = await app.DeadLetters.ReplayAsync(Created, DeadLetterSelection.ByMessageId(ids[4], ids[8], ids[1]));
        Assert.Equal(new ReplayResult(2, 2, 4, false), byId);
        await inbox.HasAsync(5);
        await AssertLeftAsync(app, 1, 3, 7, 8);

        var oldest = await app.DeadLetters.ReplayAsync(Created, new DeadLetterSelection { Limit = 1 });
        Assert.Equal(new ReplayResult(1, 1, 3, false), oldest);
        await inbox.HasAsync(6);
        await AssertLeftAsync(app, 3, 7, 8);
        Assert.Equal(Enumerable.Range(1, 9), (await app.DeadLetters.PeekAsync(Created)).Select(NumberOf).Concat(inbox.Bodies.Select(int.Parse)).Order());
    }

    [Fact]
    public async Task Discarding_removes_what_is_selected_and_nothing_else()
    {
        var app = Start(FastRetry(0));
        var (inbox, _) = await FailInOrderAsync(app, 5);

        var dry = await app.DeadLetters.DiscardAsync(Created, DeadLetterSelection.All, dryRun: true);
        var three = await app.DeadLetters.DiscardAsync(Created, new DeadLetterSelection { Where = x => NumberOf(x) == 3 });

        Assert.Equal(new DiscardResult(5, 0, 5, true), dry);
        Assert.Equal(new DiscardResult(1, 1, 4, false), three);
        Assert.Equal([1, 2, 4, 5], (await app.DeadLetters.PeekAsync(Created)).Select(NumberOf));
        Assert.Equal(4, (await app.DeadLetters.DiscardAsync(Created, DeadLetterSelection.All)).Discarded);
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
        Assert.Empty(inbox.Letters);
    }

    [Fact]
    public async Task Every_subscription_has_its_own()
    {
        var app = Start(FastRetry(0));
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.SubscribeAsync(Created, message => message.Replays == 0 ? FailAsync() : inbox.ReceiveAsync(message), subscription: "audit");
        await app.Broker.PublishAsync(Created, 1);
        await HasDiedAsync(app, 1, "audit");

        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
        Assert.Equal(0, await app.DeadLetters.CountAsync(Shipped, "audit"));
        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created, subscription: "audit")).Replayed);
        await inbox.HasAsync(2);
    }

    [Fact]
    public async Task A_replay_keeps_to_its_rate()
    {
        var app = Start(FastRetry(0));
        var (inbox, _) = await FailInOrderAsync(app, 6);
        var watch = Stopwatch.StartNew();

        await app.DeadLetters.ReplayAsync(Created, rate: 5);

        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.95), $"Six messages at five a second took {watch.Elapsed}.");
        await inbox.HasAsync(6);
    }

    [Fact]
    public async Task A_replay_that_is_cancelled_loses_and_doubles_nothing()
    {
        var app = Start(FastRetry(0));
        var (inbox, _) = await FailInOrderAsync(app, 10);
        using var cancellation = new CancellationTokenSource();

        // Halfway, and in the wait before the next one at the latest.
        var halfway = new DeadLetterSelection { Where = x => NumberOf(x) < 4 || Cancel() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => app.DeadLetters.ReplayAsync(Created, halfway, rate: 10, cancellationToken: cancellation.Token));
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) + inbox.Count == 10);
        await app.DeadLetters.ReplayAsync(Created);
        await inbox.HasAsync(10);
        Assert.Equal(Enumerable.Range(1, 10), inbox.Bodies.Select(int.Parse).Order());

        bool Cancel()
        {
            cancellation.Cancel();
            return true;
        }
    }

    [Fact]
    public async Task A_selection_that_throws_moves_nothing()
    {
        var app = Start(FastRetry(0));
        var (inbox, _) = await FailInOrderAsync(app, 3);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.DeadLetters.ReplayAsync(
            Created, new DeadLetterSelection { Where = _ => throw new InvalidOperationException("No such property.") }));

        Assert.Equal((DuctapeErrorCodes.InvalidInput, Created), (error.Code, error.Event));
        Assert.Contains("No such property.", error.Message);
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 3);
        Assert.Empty(inbox.Letters);
    }

    [Fact]
    public async Task Two_replays_at_once_replay_nothing_twice()
    {
        var app = Start(FastRetry(0));
        var (inbox, _) = await FailInOrderAsync(app, 50);

        var results = await Task.WhenAll(app.DeadLetters.ReplayAsync(Created), app.DeadLetters.ReplayAsync(Created));

        Assert.Equal(50, results.Sum(x => x.Replayed));
        await inbox.HasAsync(50);
        Assert.Equal(Enumerable.Range(1, 50), inbox.Bodies.Select(int.Parse).Order());
        Assert.Equal(0, await app.DeadLetters.CountAsync(Created));
    }

    /// <summary>
    /// Whether what a replay leaves keeps its order also where the replay does not go through to the end.
    /// </summary>
    protected virtual bool KeepsOrder => true;

    private async Task AssertLeftAsync(ConformanceApp app, params int[] left)
    {
        var found = (await app.DeadLetters.PeekAsync(Created)).Select(NumberOf).ToArray();
        if (KeepsOrder)
            Assert.Equal(left, found);
        else
            Assert.Equal(left.Length, found.Length);
    }

    protected static int NumberOf(DeadLetter dead) => dead.Json.GetInt32();

    protected static Task FailAsync() => throw new InvalidDataException("No stock.");

    protected Task HasDiedAsync(ConformanceApp app, int count, string? subscription = null, string? product = null) => Eventually.TrueAsync(
        async () => await app.DeadLetters.CountAsync(Created, subscription, product) == count, text: $"{count} dead letters");

    /// <summary>Publishes 1 to that many, which fail in that order and arrive once they are replayed.</summary>
    protected async Task<(Inbox Inbox, IReadOnlyList<string> Ids)> FailInOrderAsync(ConformanceApp app, int count)
    {
        var (inbox, ids) = (new Inbox(), new List<string>());
        await app.Broker.SubscribeAsync(Created, message => message.Replays == 0 ? FailAsync() : inbox.ReceiveAsync(message));
        for (var i = 1; i <= count; i++)
        {
            ids.Add((await app.Broker.PublishAsync(Created, i)).MessageId);
            await HasDiedAsync(app, i);
        }

        return (inbox, ids);
    }
}
