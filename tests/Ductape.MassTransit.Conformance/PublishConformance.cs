using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Conformance;

/// <summary>Publishing and what arrives.</summary>
public abstract class PublishConformance : MessageBrokerConformance
{
    public static TheoryData<string> Payloads => new(
        """{"orderId":"12345","status":"pending","customer":{"name":"John Doe","email":"john@example.com"}}""",
        """{ "spaces" :  [ 1 , 2 ],   "kept": true }""",
        """{"b":1,"a":2,"a":3}""",
        """{"price":19.990,"huge":123456789012345678901234567890,"tiny":1E-400}""",
        """{"escaped":"\u00e9\n","raw":"é😀","empty":"","none":null}""",
        """{"when":"2026-11-23T10:00:00.1234567+02:00","nested":[[[]],[{"a":[null]}]]}""",
        """[1,"two",null]""",
        "\"text\"",
        "3.50",
        "false",
        "{}");

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task A_payload_of_bytes_arrives_byte_for_byte(string payload)
    {
        foreach (var format in new[] { "envelope", "json" })
        {
            var app = Start(env: x => x["Format"] = format);
            var inbox = new Inbox();
            await using var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
            if (format == "json" && BarePayloadsAreObjects && payload[0] != '{')
            {
                var exception = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, Encoding.UTF8.GetBytes(payload)));
                Assert.Equal(DuctapeErrorCodes.InvalidInput, exception.Code);
                continue;
            }

            await app.Broker.PublishAsync(Created, Encoding.UTF8.GetBytes(payload));

            await inbox.HasAsync(1);
            Assert.Equal(payload, inbox.Bodies.Single());
        }
    }

    [Fact]
    public async Task A_message_that_does_not_fit_the_schema_is_refused_and_the_others_arrive()
    {
        var app = Start(new JsonObject { ["Schema"] = """{"required":["orderId"],"properties":{"total":{"type":"number"}}}""", ["Validate"] = "enforce" },
            configure: x => x.AddDuctapeMessageBroker().AddJsonSchema());
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        string[] messages = ["""{"orderId":"1","total":1.50}""", """{"total":"1.50"}""", """{"orderId":"3"}"""];

        var exception = await Assert.ThrowsAsync<PublishManyException>(
            () => app.Broker.PublishManyAsync(Created, messages.Select(Encoding.UTF8.GetBytes)));

        var failure = Assert.Single(exception.Failures);
        Assert.Equal(
            (1, $"INVALID_INPUT: 'input.message' does not fit the schema of '{Created}': /total must be a number, and is a string; /orderId is missing. "
                + "Nothing was sent."),
            (failure.Index, failure.Error.Message));
        await inbox.HasAsync(2);
        Assert.Equal([messages[0], messages[2]], inbox.Bodies.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task A_large_payload_arrives_whole(string format)
    {
        var app = Start(env: x => x["Format"] = format);
        var large = $$"""{"text":"{{new string('x', LargePayload - 11)}}"}""";
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await app.Broker.PublishAsync(Created, Encoding.UTF8.GetBytes(large));

        await inbox.HasAsync(1);
        Assert.True(inbox.Bodies.Single() == large, "The payload came out different.");
    }

    [Theory]
    [InlineData("envelope")]
    [InlineData("json")]
    public async Task What_the_publisher_knows_the_receiver_knows(string format)
    {
        var app = Start(env: x => x["Format"] = format);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync, product: "billing");

        var result = await app.Broker.PublishAsync(Created, new { orderId = "1" },
            headers: new Dictionary<string, object?> { ["tenant"] = "acme", ["priority"] = 7 });

        await inbox.HasAsync(1);
        var letter = inbox.Letters.Single();
        Assert.Equal(result.MessageId, letter.MessageId);
        Assert.Equal(result.ProcessId, letter.ProcessId);
        Assert.Equal((Created, "test", "billing"), (letter.Event, letter.Env, letter.ProductTag));
        Assert.Equal(1, letter.Attempt);
        Assert.NotNull(letter.SentAt);
        Assert.InRange(letter.SentAt.Value - result.SentAt, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
        Assert.Equal("acme", letter.Headers["tenant"]);
        Assert.Equal(7, Convert.ToInt64(letter.Headers["priority"]));
        Assert.True(result.Success);
        Assert.False(result.Cached);
        Assert.Equal((Created, "test", "shop"), (result.Event, result.Env, result.ProductTag));
        Assert.Equal(app.Catalog.FetchRoute(Created).Entity, result.Destination);
    }

    [Fact]
    public async Task Many_publishers_at_once_lose_and_double_nothing()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await Parallel.ForAsync(0, ConcurrentMessages, new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) => await app.Broker.PublishAsync(Created, new { number = i }));

        await inbox.HasAsync(ConcurrentMessages, TimeSpan.FromSeconds(60));
        var numbers = inbox.Bodies.Select(x => JsonDocument.Parse(x).RootElement.GetProperty("number").GetInt32()).ToArray();
        Assert.Equal(Enumerable.Range(0, ConcurrentMessages), numbers.Order());
    }

    [Fact]
    public async Task A_payload_over_the_limit_is_refused_and_nothing_is_sent()
    {
        var app = Start(env: x => x["MaxMessageSize"] = 100);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        var error = await Assert.ThrowsAsync<DuctapeException>(() =>
            app.Broker.PublishAsync(Created, new { text = new string('x', 100) }));
        await app.Broker.PublishAsync(Created, new { text = "fits" });

        Assert.Equal(DuctapeErrorCodes.MessageTooLarge, error.Code);
        await inbox.HasAsync(1);
        Assert.Equal("""{"text":"fits"}""", inbox.Bodies.Single());
    }

    [Fact]
    public async Task A_message_given_an_id_keeps_it()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        var id = Guid.Parse("11111111-2222-3333-4444-555555555555");

        var result = await app.Broker.PublishAsync(new MessageBrokerPublishInput
        {
            Event = Created,
            Input = new PublishInput { Message = new JsonObject { ["a"] = 1 }, MessageId = id.ToString() },
        });

        await inbox.HasAsync(1);
        Assert.Equal((id.ToString(), id.ToString()), (result.MessageId, inbox.Letters.Single().MessageId));
    }

    [Fact]
    public async Task A_callback_may_publish()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Shipped, inbox.ReceiveAsync);
        await app.Broker.SubscribeAsync(Created, message => app.Broker.PublishAsync(Shipped, message.Json));

        await app.Broker.PublishAsync(Created, new { orderId = "1" });

        await inbox.HasAsync(1);
        Assert.Equal("""{"orderId":"1"}""", inbox.Bodies.Single());
    }

    [Fact]
    public async Task A_subscriber_that_only_another_product_declares_has_lost_nothing_either()
    {
        // MassTransit keeps the topology of a topic's first publish, so that one has to declare the subscribers of all.
        var app = Start(configuration: x => x["Products"]!["billing"]!["Brokers"]![BrokerTag]!["Topics"]!["created"]!["Subscribers"] = new JsonArray("billing"));
        var inbox = new Inbox();

        await app.Broker.PublishAsync(Created, 1, product: "shop");
        await app.Broker.PublishAsync(Created, 2, product: "billing");
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync, product: "billing");

        await inbox.HasAsync(2);
        Assert.Equal(["1", "2"], inbox.Bodies.Order());
    }

    [Fact]
    public async Task A_declared_subscriber_that_comes_late_has_lost_nothing()
    {
        var app = Start(topic: new JsonObject { ["Subscribers"] = new JsonArray("billing") });
        var inbox = new Inbox();

        await app.Broker.PublishAsync(Created, new { number = 1 });
        await app.Broker.PublishAsync(Created, new { number = 2 });
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync, product: "billing");

        await inbox.HasAsync(2);
        await app.Broker.PublishAsync(Created, new { number = 3 });
        await inbox.HasAsync(3);
        Assert.Equal(["""{"number":1}""", """{"number":2}""", """{"number":3}"""], inbox.Bodies.Order());
    }

    [Fact]
    public async Task A_message_that_no_queue_would_get_is_dropped_or_refused_as_the_topic_says()
    {
        await Start().Broker.PublishAsync(Shipped, "dropped");
        var app = Start(new JsonObject { ["OnUnroutable"] = "fail" });

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, "refused"));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.StartsWith($"PUBLISH_FAILED: no queue is bound to {BrokerTag}-created-test on ", error.Message);
        Assert.EndsWith(
            ", so nobody would receive the message, and the topic's OnUnroutable is 'fail'. Start a subscriber, name the products that receive the event "
                + "in the topic's Subscribers, or set OnUnroutable to 'ignore'.",
            error.Message);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, "taken");
        await inbox.HasAsync(1);
        Assert.Equal(["\"taken\""], inbox.Bodies);
    }
}
