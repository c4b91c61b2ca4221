using System.Text;
using System.Text.Json;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

public class PublishInputTests
{
    private static readonly MessageBrokerPublishInput Whole =
        new() { Env = "dev", Event = Event, ProductTag = "my_product", Input = new PublishInput { Message = new { orderId = "1" } } };

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    public async Task Without_an_event_the_field_is_named(string? value) =>
        await AssertInvalidAsync(Whole with { Event = value },
            "'event' is required and is missing or blank: give brokerTag:topicTag, for example 'orders:order-created'.");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Without_an_environment_anywhere_the_field_and_the_key_are_named(string? value) =>
        await AssertInvalidAsync(Whole with { Env = value },
            "'env' is required and is missing or blank: give it in the call, or configure Ductape:Env.", Without("Env"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Without_a_product_anywhere_the_field_and_the_key_are_named(string? value) =>
        await AssertInvalidAsync(Whole with { ProductTag = value },
            "'product_tag' is required and is missing or blank: give it in the call, or configure Ductape:Product.", Without("Product"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Environment_and_product_fall_back_to_the_configured_ones(string? value)
    {
        await using var services = TestProvider.Build();

        var result = await services.Broker().PublishAsync(Whole with { Env = value, ProductTag = value });

        Assert.Equal(("dev", "my_product"), (result.Env, result.ProductTag));
    }

    [Fact]
    public async Task Without_input_the_field_is_named()
    {
        var exception = await AssertInvalidAsync(Whole with { Input = null }, "'input' is required and is missing: give { \"message\": … }.");

        Assert.Equal((Event, "dev", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
    }

    [Fact]
    public async Task Without_a_message_the_field_is_named() =>
        await AssertInvalidAsync(Whole with { Input = new PublishInput() }, "'input.message' is required and is missing or null: give the payload.");

    public static TheoryData<string, object> Nulls() => new()
    {
        { "element", JsonElement.Parse("null") },
        { "undefined element", default(JsonElement) },
        { "document", JsonDocument.Parse("null") },
        { "bytes", "null"u8.ToArray() },
        { "memory", new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(" null\n")) },
    };

    [Theory]
    [MemberData(nameof(Nulls), DisableDiscoveryEnumeration = true)]
    public async Task A_JSON_null_is_no_message_however_it_is_given(string form, object message)
    {
        Assert.NotEmpty(form);
        await AssertInvalidAsync(Whole with { Input = new PublishInput { Message = message } },
            "'input.message' is required and is missing or null: give the payload.");
    }

    [Fact]
    public async Task The_input_itself_is_an_ordinary_argument()
    {
        await using var services = TestProvider.Build();

        await Assert.ThrowsAsync<ArgumentNullException>(() => services.Broker().PublishAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => services.Broker().SubscribeAsync(null!));
    }

    [Fact]
    public async Task A_cancelled_token_cancels_before_anything_is_sent()
    {
        await using var services = TestProvider.Build();
        var inbox = new Conformance.Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => services.Broker().PublishAsync(Whole, new CancellationToken(true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask, subscription: "other", cancellationToken: new CancellationToken(true)));
        await services.Broker().PublishAsync(Event, "after");

        await inbox.HasAsync(1);
        Assert.Equal(["\"after\""], inbox.Bodies);
    }

    private static async Task<DuctapeException> AssertInvalidAsync(
        MessageBrokerPublishInput input, string message, string json = TestServices.OrdersJson)
    {
        await using var services = TestProvider.Build(json);

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(input));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, exception.Code);
        Assert.Equal($"INVALID_INPUT: {message}", exception.Message);
        return exception;
    }
}
