using System.Text;
using System.Text.Json;
using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

public class JsonFormTests
{
    // The main job of the product, word for word.
    private const string OrderJson = """
        { "env": "dev", "event": "sqsbroker:new-orders", "product_tag": "my_product",
          "input": { "message": { "orderId": "12345", "status": "pending",
                     "customer": { "name": "John Doe", "email": "john@example.com" } } } }
        """;

    [Fact]
    public async Task Ductapes_own_JSON_is_read_published_and_received()
    {
        var input = JsonSerializer.Deserialize<MessageBrokerPublishInput>(OrderJson)!;
        await using var services = TestProvider.Build();
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var result = await services.Broker().PublishAsync(input);

        await inbox.HasAsync(1);
        Assert.Equal(
            ["""{"orderId":"12345","status":"pending","customer":{"name":"John Doe","email":"john@example.com"}}"""], inbox.Bodies);
        Assert.Equal((true, Event, "dev", "my_product", false), (result.Success, result.Event, result.Env, result.ProductTag, result.Cached));
        Assert.Equal(result.ProcessId, inbox.Letters[0].ProcessId);
    }

    [Fact]
    public void A_publish_input_is_written_under_Ductapes_field_names()
    {
        var input = new MessageBrokerPublishInput
        {
            Env = "dev",
            Event = Event,
            ProductTag = "my_product",
            Cache = "orders-cache",
            Session = new SessionInput { Tag = "web", Token = "t" },
            Input = new PublishInput
            {
                Message = new { orderId = "1" },
                Headers = new Dictionary<string, object?> { ["n"] = 1 },
                MessageId = "8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10",
            },
        };

        Assert.Equal(
            """{"env":"dev","event":"sqsbroker:new-orders","product_tag":"my_product","input":{"message":{"orderId":"1"},"headers":{"n":1},"""
                + "\"message_id\":\"8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10\"},"
                + "\"cache\":\"orders-cache\",\"session\":{\"tag\":\"web\",\"token\":\"t\"}}",
            JsonSerializer.Serialize(input));
    }

    [Fact]
    public void A_publish_input_survives_the_round_trip()
    {
        var once = JsonSerializer.Serialize(JsonSerializer.Deserialize<MessageBrokerPublishInput>(OrderJson));

        Assert.Equal(
            """{"env":"dev","event":"sqsbroker:new-orders","product_tag":"my_product","input":{"message":{"orderId":"12345","status":"pending","customer":{"name":"John Doe","email":"john@example.com"}}}}""",
            once);
    }

    [Fact]
    public void Bytes_are_written_as_the_JSON_they_are()
    {
        Assert.Equal("""{"message":{"a": [1, 2]}}""", Written("{\"a\": [1, 2]}"u8.ToArray()));
        Assert.Equal("""{"message":"x"}""", Written(new ReadOnlyMemory<byte>("\"x\""u8.ToArray())));
        Assert.Equal("""{"message":7}""", Written(new Memory<byte>("7"u8.ToArray())));

        static string Written(object message) => JsonSerializer.Serialize(new PublishInput { Message = message });
    }

    [Fact]
    public async Task Headers_and_message_id_are_read_too()
    {
        var input = JsonSerializer.Deserialize<MessageBrokerPublishInput>(
            """{ "event": "sqsbroker:new-orders", "input": { "message": [1], "headers": { "a": "x", "b": 2, "c": true }, "message_id": "8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10" } }""")!;
        await using var services = TestProvider.Build();
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var result = await services.Broker().PublishAsync(input);

        await inbox.HasAsync(1);
        Assert.Equal("8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10", result.MessageId);
        Assert.Equal(result.MessageId, inbox.Letters[0].MessageId);
        Assert.Equal("""{"a":"x","b":2,"c":true}""", JsonSerializer.Serialize(inbox.Letters[0].Headers.OrderBy(x => x.Key).ToDictionary()));
    }

    [Fact]
    public async Task A_result_is_written_and_read_under_Ductapes_field_names()
    {
        await using var services = TestProvider.Build();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var result = await services.Broker().PublishAsync(Event, 1);

        var json = JsonSerializer.Serialize(result);

        Assert.Equal(
            ["success", "status", "process_id", "message_id", "event", "env", "product_tag", "broker_type", "destination", "sent_at", "cached"],
            JsonElement.Parse(json).EnumerateObject().Select(x => x.Name));
        Assert.Equal(result, JsonSerializer.Deserialize<PublishResult>(json));
        Assert.InRange(result.SentAt, before, DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Equal(("IN_MEMORY", "sqsbroker-new-orders-dev"), (result.BrokerType, result.Destination));
        Assert.Equal((true, PublishStatus.Published), (result.Success, result.Status));
        Assert.Contains("\"status\":\"published\"", json);
    }

    [Fact]
    public void A_subscribe_input_is_written_and_read_without_its_callback()
    {
        var input = new MessageBrokerSubscribeInput
        {
            Env = "dev",
            Event = Event,
            ProductTag = "my_product",
            Session = new SessionInput { Tag = "web", Token = "t" },
            Input = new SubscribeInput { Callback = _ => Task.CompletedTask, Subscription = "audit" },
        };

        var json = JsonSerializer.Serialize(input);

        Assert.Equal(
            """{"env":"dev","event":"sqsbroker:new-orders","product_tag":"my_product","input":{"subscription":"audit","ephemeral":false},"session":{"tag":"web","token":"t"}}""",
            json);
        Assert.Equal(input with { Input = input.Input with { Callback = null } }, JsonSerializer.Deserialize<MessageBrokerSubscribeInput>(json));
    }

    [Fact]
    public async Task A_message_id_that_is_no_GUID_is_refused_with_what_to_use_instead()
    {
        await using var services = TestProvider.Build();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(
            new MessageBrokerPublishInput { Event = Event, Input = new PublishInput { Message = 1, MessageId = "order-17" } }));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, error.Code);
        Assert.Contains("'input.message_id' is 'order-17', which is no GUID", error.Message);
        Assert.Contains("'input.idempotency_key'", error.Message);
    }

    [Theory]
    [InlineData("8D1FAE526B7A4A3E9F3E3A8C0F1F6F10", "8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10")]
    [InlineData("{8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10}", "8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10")]
    public async Task A_message_id_has_one_form_however_it_is_spelled(string given, string expected)
    {
        await using var services = TestProvider.Build();

        var result = await services.Broker().PublishAsync(
            new MessageBrokerPublishInput { Event = Event, Input = new PublishInput { Message = 1, MessageId = given } });

        Assert.Equal(expected, result.MessageId);
        Assert.Equal(result, result with { MessageId = expected });
        Assert.NotEqual(result, result with { MessageId = "another" });
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public async Task A_blank_message_id_is_none(string? blank)
    {
        await using var services = TestProvider.Build();

        var result = await services.Broker().PublishAsync(
            new MessageBrokerPublishInput { Event = Event, Input = new PublishInput { Message = 1, MessageId = blank } });

        Assert.True(Guid.TryParse(result.MessageId, out var id) && id != Guid.Empty);
    }

    [Fact]
    public async Task Two_publishes_have_ids_of_their_own()
    {
        await using var services = TestProvider.Build();

        var first = await services.Broker().PublishAsync(Event, Encoding.UTF8.GetBytes("1"));
        var second = await services.Broker().PublishAsync(Event, Encoding.UTF8.GetBytes("1"));

        Assert.Equal(4, new[] { $"{first.ProcessId}", first.MessageId, $"{second.ProcessId}", second.MessageId }.Where(x => x != $"{Guid.Empty}").Distinct().Count());
    }
}
