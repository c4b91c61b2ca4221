using System.Text;
using System.Text.Json.Nodes;
using Amazon.SQS.Model;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.AmazonSQS.Tests;

/// <summary>Error queues of SQS: whoever filled them, however many there are, and what AWS takes.</summary>
public sealed class DeadLetterTests(AmazonSqsFixture fixture) : AmazonSqsTest(fixture)
{
    private static readonly JsonObject NoRetries = new() { ["Retry"] = new JsonObject { ["Count"] = 0 } };

    private string ShopQueue => $"shop-{BrokerTag}-created-test";

    [Theory]
    [InlineData("")]
    [InlineData(".fifo")]
    public async Task What_plain_MassTransit_moved_there_is_shown_and_replayed(string suffix)
    {
        var app = Start(NoRetries, config: x => x["Fifo"] = suffix.Length > 0, env: x => x["Format"] = "json");
        var target = await CreateAsync($"{ShopQueue}{suffix}");
        await SendAsync(await CreateAsync($"{ShopQueue}_error{suffix}"), """{ "orderId": "1" }""", group: "customer-1", new()
        {
            ["Content-Type"] = "application/json", ["MT-Reason"] = "fault", ["MT-Fault-ExceptionType"] = "System.TimeoutException",
            ["MT-Fault-Message"] = "The plain consumer fails.", ["MT-Fault-RetryCount"] = "1", ["MT-Fault-StackTrace"] = "at A", ["tenant"] = "acme",
        });

        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        Assert.Equal(("fault", "System.TimeoutException", "The plain consumer fails.", "at A", 2),
            (dead.Reason, dead.ExceptionType, dead.ExceptionMessage, dead.StackTrace, dead.Attempts));
        Assert.Equal("acme", Assert.Single(dead.Headers).Value);
        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);

        var replayed = Assert.Single(await ReceiveAsync(target));
        Assert.Equal("""{ "orderId": "1" }""", replayed.Body);
        Assert.Equal(["Content-Type", "ductape-replay-count", "tenant"], replayed.MessageAttributes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(suffix.Length > 0 ? "customer-1" : null, replayed.Attributes.GetValueOrDefault("MessageGroupId"));
    }

    [Fact]
    public async Task A_message_with_many_attributes_and_a_long_failure_has_no_more_than_AWS_takes_in_the_errors()
    {
        var app = Start(NoRetries, env: x => x["Format"] = "json");
        var subscription = await app.Broker.SubscribeAsync(Created, _ => FailDeep(200));
        var body = $$"""{ "text": "{{new string('x', 255_000)}}" }""";
        var attributes = Enumerable.Range(0, 8).ToDictionary(x => $"peer-{x}", x => "value");
        await SendAsync((await Fixture.Sqs.GetQueueUrlAsync(subscription.Queue)).QueueUrl, body, null, attributes);
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);

        var dead = Assert.Single(await app.DeadLetters.PeekAsync(Created));
        var raw = Assert.Single(await ReceiveAsync((await Fixture.Sqs.GetQueueUrlAsync($"{subscription.Queue}_error")).QueueUrl));

        Assert.Equal(("System.InvalidOperationException", 8), (dead.ExceptionType, dead.Headers.Count));
        Assert.Equal(10, raw.MessageAttributes.Count);
        var size = Encoding.UTF8.GetByteCount(raw.Body)
            + raw.MessageAttributes.Sum(x => Encoding.UTF8.GetByteCount(x.Key) + "String".Length + Encoding.UTF8.GetByteCount(x.Value.StringValue));
        Assert.InRange(size, body.Length, 256 * 1024);
    }

    [Fact]
    public async Task An_exception_whose_text_AWS_refuses_does_not_keep_the_message_from_the_errors()
    {
        var app = Start(NoRetries);
        var subscription = await app.Broker.SubscribeAsync(Created, _ => throw new InvalidDataException("\u001b[31mred\u0000\uFFFE"));
        await app.Broker.PublishAsync(Created, 1);
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);

        Assert.Equal("\u001b[31mred\u0000\uFFFE", Assert.Single(await app.DeadLetters.PeekAsync(Created)).ExceptionMessage);
        var raw = Assert.Single(await ReceiveAsync((await Fixture.Sqs.GetQueueUrlAsync($"{subscription.Queue}_error")).QueueUrl));
        Assert.DoesNotContain("MT-Fault-Message", raw.MessageAttributes.Keys);
        Assert.Equal("System.IO.InvalidDataException", raw.MessageAttributes["MT-Fault-ExceptionType"].StringValue);
    }

    [Fact]
    public async Task In_a_FIFO_queue_many_of_one_key_are_all_seen_and_return_to_their_group_in_order()
    {
        const int count = 25;
        var topic = new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 }, ["PartitionKey"] = "key" };
        var app = Start(topic, config: x => x["Fifo"] = true);
        var (inbox, mends) = (new Inbox(), false);
        await app.Broker.SubscribeAsync(Created, message =>
            Volatile.Read(ref mends) ? inbox.ReceiveAsync(message) : throw new InvalidOperationException("Not yet."));
        for (var i = 0; i < count; i++)
            await app.Broker.PublishAsync(Created, new { key = "a", number = i });
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == count, TimeSpan.FromSeconds(60));

        Assert.Equal(count, (await app.DeadLetters.PeekAsync(Created, limit: 100)).Count);
        Volatile.Write(ref mends, true);
        Assert.Equal(count, (await app.DeadLetters.ReplayAsync(Created)).Replayed);

        await inbox.HasAsync(count, TimeSpan.FromSeconds(60));
        Assert.Equal(Enumerable.Range(0, count), inbox.Letters.Select(x => JsonNode.Parse(x.Body)!["number"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_message_that_fails_again_at_once_after_its_replay_is_not_taken_for_a_copy_by_a_FIFO_queue()
    {
        var app = Start(NoRetries, config: x => x["Fifo"] = true);
        await app.Broker.SubscribeAsync(Created, _ => throw new InvalidOperationException("Never."));
        await app.Broker.PublishAsync(Created, 1);

        for (var replays = 0; replays < 3; replays++)
        {
            await Eventually.TrueAsync(async () => (await app.DeadLetters.PeekAsync(Created)) is [{ } dead] && dead.Replays == replays);
            Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);
        }

        await Eventually.TrueAsync(async () => (await app.DeadLetters.PeekAsync(Created)) is [{ Replays: 3 }]);
    }

    [Fact]
    public async Task Without_the_queue_to_replay_to_the_dead_letters_stay()
    {
        var app = Start(NoRetries);
        var errors = await CreateAsync($"{ShopQueue}_error");
        for (var i = 0; i < 3; i++)
            await SendAsync(errors, $"{i}", null, new() { ["Content-Type"] = "application/json" });

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.DeadLetters.ReplayAsync(Created));

        Assert.Equal((DuctapeErrorCodes.DeadLettersFailed, Created, "test", "shop"), (error.Code, error.Event, error.Env, error.ProductTag));
        Assert.Contains($"there is no queue '{ShopQueue}'", error.Message);
        Assert.Equal(3, (await app.DeadLetters.PeekAsync(Created)).Count);
    }

    [Fact]
    public async Task Many_more_than_SQS_shows_at_once_are_seen_and_replayed_once_each()
    {
        const int count = 500;
        var app = Start(NoRetries);
        var (errors, target) = (await CreateAsync($"{ShopQueue}_error"), await CreateAsync(ShopQueue));
        await Parallel.ForAsync(0, count, async (i, _) => await SendAsync(errors, $"{i}", null, new() { ["Content-Type"] = "application/json" }));

        var dry = await app.DeadLetters.ReplayAsync(Created, new DeadLetterSelection { Where = x => x.Json.GetInt32() % 2 == 0 }, dryRun: true);
        Assert.Equal(new ReplayResult(count / 2, 0, count, true), dry);
        Assert.Equal(count, (await app.DeadLetters.ReplayAsync(Created)).Replayed);

        var bodies = new HashSet<string>();
        while (await ReceiveAsync(target) is { Count: > 0 } batch)
            Assert.All(batch, x => Assert.True(bodies.Add(x.Body)));
        Assert.Equal(count, bodies.Count);
    }

    [Fact]
    public async Task The_dead_letters_of_an_existing_queue_return_to_it()
    {
        var target = await CreateAsync($"{BrokerTag}-existing");
        var app = Start(new JsonObject
        {
            ["Retry"] = new JsonObject { ["Count"] = 0 },
            ["Envs"] = new JsonObject { ["test"] = new JsonObject { ["QueueUrl"] = target } },
        });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message => message.Replays == 0 ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message));
        await app.Broker.PublishAsync(Created, 1);
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);

        Assert.Equal(1, (await app.DeadLetters.ReplayAsync(Created)).Replayed);

        await inbox.HasAsync(1);
    }

    private static Task FailDeep(int depth) => depth == 0 ? throw new InvalidOperationException(new string('m', 2_000)) : FailDeep(depth - 1);

    private async Task<string> CreateAsync(string name) => (await Fixture.Sqs.CreateQueueAsync(new CreateQueueRequest(name)
    {
        Attributes = name.EndsWith(".fifo", StringComparison.Ordinal) ? new() { ["FifoQueue"] = "true" } : [],
    })).QueueUrl;

    private Task SendAsync(string url, string body, string? group, Dictionary<string, string> attributes) =>
        Fixture.Sqs.SendMessageAsync(new SendMessageRequest(url, body)
        {
            MessageAttributes = attributes.ToDictionary(x => x.Key, x => new MessageAttributeValue { DataType = "String", StringValue = x.Value }),
            MessageGroupId = url.EndsWith(".fifo", StringComparison.Ordinal) ? group : null,
            MessageDeduplicationId = url.EndsWith(".fifo", StringComparison.Ordinal) ? Guid.NewGuid().ToString() : null,
        });

    private async Task<List<Message>> ReceiveAsync(string url) => (await Fixture.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url)
    {
        MaxNumberOfMessages = 10,
        MessageAttributeNames = ["All"],
        MessageSystemAttributeNames = ["All"],
    })).Messages ?? [];
}
