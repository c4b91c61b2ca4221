using System.Collections.Concurrent;
using System.Text;
using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

public class RetryTests
{
    private const string ErrorQueue = "my_product-sqsbroker-new-orders-dev_error";

    // A product of the support staff reads the error queue of the shop; it gets the message itself as well, as every
    // product does.
    private const string Support = $$"""
        { "Brokers": { "sqsbroker": { "Envs": { "dev": { "Type": "IN_MEMORY" } }, "Topics": { "new-orders": { "Queue": "{{ErrorQueue}}" } } } } }
        """;

    private static string Retrying(int count) => With(
        ("Products:support", Support),
        ($"{Topic}:Retry", $$"""{ "Count": {{count}}, "InitialDelay": "00:00:00.001", "Multiplier": 1, "MaxDelay": "00:00:00.001" }"""));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_callback_that_throws_is_called_again_and_then_the_message_goes_to_the_error_queue_whole(int retries)
    {
        await using var services = TestProvider.Build(Retrying(retries));
        var errors = new ErrorInbox();
        var attempts = new ConcurrentQueue<int>();
        await using var support = await services.Broker().SubscribeAsync(Event, errors.ReceiveAsync, product: "support");
        await using var subscription = await services.Broker().SubscribeAsync(Event, message =>
        {
            attempts.Enqueue(message.Attempt);
            throw new InvalidOperationException("no stock");
        });

        var result = await services.Broker().PublishAsync(
            Event, """{ "orderId" : 1.10 }"""u8.ToArray(), headers: new Dictionary<string, object?> { ["trace-id"] = "abc" });

        await errors.HasMovedAsync(1);
        Assert.Equal(Enumerable.Range(1, retries + 1), attempts);
        var moved = Assert.Single(errors.Moved);
        Assert.Equal("""{ "orderId" : 1.10 }""", moved.Body);
        Assert.Equal((result.MessageId, result.ProcessId), (moved.MessageId, moved.ProcessId));
        Assert.Equal(("abc", "fault", "no stock"), (moved.TraceId, moved.Reason, moved.Fault));
    }

    [Fact]
    public async Task A_callback_that_succeeds_in_the_end_leaves_nothing_in_the_error_queue()
    {
        await using var services = TestProvider.Build(Retrying(3));
        var (errors, inbox) = (new ErrorInbox(), new Inbox());
        await using var support = await services.Broker().SubscribeAsync(Event, errors.ReceiveAsync, product: "support");
        await using var subscription = await services.Broker().SubscribeAsync(Event, async message =>
        {
            if (message.Attempt < 3)
                throw new InvalidOperationException("not yet");
            await inbox.ReceiveAsync(message);
        });

        await services.Broker().PublishAsync(Event, 1);

        await inbox.HasAsync(1);
        Assert.Equal(3, inbox.Letters[0].Attempt);
        await services.DisposeAsync();
        Assert.Empty(errors.Moved);
    }

    [Fact]
    public async Task Every_attempt_reads_the_same_payload_and_ids()
    {
        await using var services = TestProvider.Build(Retrying(2));
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, async message =>
        {
            await inbox.ReceiveAsync(message);
            throw new InvalidOperationException("never");
        });

        var result = await services.Broker().PublishAsync(Event, new { orderId = "1" });

        await inbox.HasAsync(3);
        Assert.All(inbox.Letters, x => Assert.Equal(("""{"orderId":"1"}""", (string?)result.MessageId), (x.Body, x.MessageId)));
    }

    [Theory]
    [InlineData("\"not an order\"")]
    [InlineData("""{ "orderId": { "nested": true } }""")]
    [InlineData("[1]")]
    [InlineData("""{ "orderId": "refused" }""")]
    public async Task A_payload_of_another_shape_goes_to_the_error_queue_without_retries(string payload)
    {
        await using var services = TestProvider.Build(Retrying(5));
        var errors = new ErrorInbox();
        var problems = new ConcurrentQueue<DuctapeException>();
        await using var support = await services.Broker().SubscribeAsync(Event, errors.ReceiveAsync, product: "support");
        await using var subscription = await services.Broker().SubscribeAsync(Event, message =>
        {
            try
            {
                return Task.FromResult(message.As<Order>());
            }
            catch (DuctapeException exception)
            {
                problems.Enqueue(exception);
                throw;
            }
        });

        var result = await services.Broker().PublishAsync(Event, Encoding.UTF8.GetBytes(payload));

        await errors.HasMovedAsync(1);
        var problem = Assert.Single(problems);
        Assert.Equal(DuctapeErrorCodes.InvalidInput, problem.Code);
        Assert.StartsWith($"INVALID_INPUT: the payload of the message {result.MessageId} cannot be read as Order: ", problem.Message);
        Assert.Equal((Event, "dev", "my_product"), (problem.Event, problem.Env, problem.ProductTag));
        Assert.Equal(payload, Assert.Single(errors.Moved).Body);
    }

    [Fact]
    public async Task A_typed_callback_is_not_called_with_what_is_not_its_type()
    {
        await using var services = TestProvider.Build(Retrying(5));
        var (errors, called) = (new ErrorInbox(), 0);
        await using var support = await services.Broker().SubscribeAsync(Event, errors.ReceiveAsync, product: "support");
        await using var subscription = await services.Broker().SubscribeAsync<Order>(Event, (_, _) =>
        {
            Interlocked.Increment(ref called);
            return Task.CompletedTask;
        });

        await services.Broker().PublishAsync(Event, "not an order");

        await errors.HasMovedAsync(1);
        Assert.Equal(0, called);
    }

    private sealed record Order
    {
        public Order(string orderId) => OrderId = orderId != "refused" ? orderId : throw new ArgumentException("Not this one.", nameof(orderId));

        public string OrderId { get; }
    }
}
