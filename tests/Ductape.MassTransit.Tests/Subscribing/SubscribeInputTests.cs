using System.Text.Json;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

public class SubscribeInputTests
{
    private static readonly MessageBrokerSubscribeInput Whole = new()
    {
        Env = "dev",
        Event = Event,
        ProductTag = "my_product",
        Input = new SubscribeInput { Callback = _ => Task.CompletedTask },
    };

    [Fact]
    public async Task Every_missing_field_is_named()
    {
        await AssertInvalidAsync(Whole with { Event = " " },
            "'event' is required and is missing or blank: give brokerTag:topicTag, for example 'orders:order-created'.");
        await AssertInvalidAsync(Whole with { Env = "" },
            "'env' is required and is missing or blank: give it in the call, or configure Ductape:Env.", Without("Env"));
        await AssertInvalidAsync(Whole with { ProductTag = null },
            "'product_tag' is required and is missing or blank: give it in the call, or configure Ductape:Product.", Without("Product"));
        await AssertInvalidAsync(Whole with { Input = null }, "'input' is required and is missing: give the callback.");
        await AssertInvalidAsync(Whole with { Input = new SubscribeInput() }, "'input.callback' is required and is missing.");
    }

    [Fact]
    public async Task Ductapes_JSON_needs_its_callback_added()
    {
        var input = JsonSerializer.Deserialize<MessageBrokerSubscribeInput>(
            """{ "env": "dev", "event": "sqsbroker:new-orders", "product_tag": "my_product", "input": {}, "session": {} }""")!;
        await AssertInvalidAsync(input, "'input.callback' is required and is missing.");

        await using var services = TestProvider.Build();
        await using var subscription = await services.Broker().SubscribeAsync(
            input with { Input = new SubscribeInput { Callback = _ => Task.CompletedTask } });
        Assert.Equal(Event, subscription.Event);
    }

    [Theory]
    [InlineData("", "is blank")]
    [InlineData(" ", "is blank")]
    [InlineData("a b", "has the character ' '; use letters (a to z), digits, '-', '_' and '.'")]
    [InlineData("a:b", "has the character ':'; use letters (a to z), digits, '-', '_' and '.'")]
    public async Task A_subscription_name_must_be_one(string name, string problem) =>
        await AssertInvalidAsync(Whole with { Input = Whole.Input! with { Subscription = name } }, $"'input.subscription' '{name}' {problem}.");

    [Fact]
    public async Task A_name_and_ephemeral_exclude_each_other() =>
        await AssertInvalidAsync(Whole with { Input = Whole.Input! with { Subscription = "audit", Ephemeral = true } },
            "'input.subscription' and 'input.ephemeral' exclude each other: an ephemeral queue has a name of its own.");

    [Fact]
    public async Task A_typed_callback_is_required_too()
    {
        await using var services = TestProvider.Build();

        await Assert.ThrowsAsync<ArgumentNullException>(
            () => services.Broker().SubscribeAsync(Event, (Func<string, ReceivedMessage, Task>)null!));
    }

    private static async Task AssertInvalidAsync(MessageBrokerSubscribeInput input, string message, string json = TestServices.OrdersJson)
    {
        await using var services = TestProvider.Build(json);

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().SubscribeAsync(input));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, exception.Code);
        Assert.Equal($"INVALID_INPUT: {message}", exception.Message);
    }
}
