using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

public class SubscriptionTests
{
    private const string Queue = "my_product-sqsbroker-new-orders-dev";

    [Fact]
    public async Task A_message_arrives_with_everything_that_is_known_of_it()
    {
        await using var services = TestProvider.Build();
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var result = await services.Broker().PublishAsync(Event, new { orderId = "12345" });

        await inbox.HasAsync(1);
        var letter = Assert.Single(inbox.Letters);
        Assert.Equal("""{"orderId":"12345"}""", letter.Body);
        Assert.Equal((result.MessageId, result.ProcessId, result.SentAt), (letter.MessageId, letter.ProcessId, letter.SentAt));
        Assert.Equal((Event, "dev", "my_product", 1), (letter.Event, letter.Env, letter.ProductTag, letter.Attempt));
        Assert.Empty(letter.Headers);
    }

    [Fact]
    public async Task A_subscription_says_what_it_is()
    {
        await using var services = TestProvider.Build();
        await using var subscription = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);

        Assert.Equal((Event, "dev", "my_product", Queue), (subscription.Event, subscription.Env, subscription.ProductTag, subscription.Queue));
        Assert.NotEmpty(subscription.Id);
        Assert.True(subscription.Ready.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_second_subscription_to_the_same_queue_is_refused_with_the_remedy()
    {
        await using var services = TestProvider.Build();
        var inbox = new Inbox();
        await using var first = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask));

        Assert.Equal(
            $"SUBSCRIPTION_EXISTS: this process already subscribes to '{Event}' with the queue '{Queue}'. Stop that subscription first, or give this "
                + "one a name ('input.subscription') for a queue of its own.",
            exception.Message);
        Assert.Equal(DuctapeErrorCodes.SubscriptionExists, exception.Code);
        Assert.Equal((Event, "dev", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
        await services.Broker().PublishAsync(Event, 1);
        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task After_a_stop_the_same_queue_delivers_to_the_next_callback()
    {
        await using var services = TestProvider.Build();
        var (first, second) = (new Inbox(), new Inbox());
        var subscription = await services.Broker().SubscribeAsync(Event, first.ReceiveAsync);
        await services.Broker().PublishAsync(Event, "one");
        await first.HasAsync(1);
        await subscription.StopAsync();
        await services.Broker().PublishAsync(Event, "between");

        await using var again = await services.Broker().SubscribeAsync(Event, second.ReceiveAsync);
        await services.Broker().PublishAsync(Event, "two");

        await second.HasAsync(2);
        Assert.Equal(["\"one\""], first.Bodies);
        // The callbacks of several messages run at once.
        Assert.Equal(["\"between\"", "\"two\""], second.Bodies.Order());
        Assert.Equal(subscription.Queue, again.Queue);
        Assert.NotEqual(subscription.Id, again.Id);
    }

    [Fact]
    public async Task Two_that_subscribe_at_once_do_not_both_succeed()
    {
        await using var services = TestProvider.Build();
        var attempts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            try
            {
                return await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);
            }
            catch (DuctapeException exception) when (exception.Code == DuctapeErrorCodes.SubscriptionExists)
            {
                return null;
            }
        })));

        Assert.Single(attempts, x => x is not null);
    }

    [Fact]
    public async Task A_named_subscription_gets_its_own_copy()
    {
        await using var services = TestProvider.Build();
        var (product, audit) = (new Inbox(), new Inbox());
        await using var first = await services.Broker().SubscribeAsync(Event, product.ReceiveAsync);
        await using var second = await services.Broker().SubscribeAsync(Event, audit.ReceiveAsync, subscription: "audit");

        await services.Broker().PublishAsync(Event, 1);

        await product.HasAsync(1);
        await audit.HasAsync(1);
        Assert.Equal($"{Queue}-audit", second.Queue);
        Assert.Equal(product.Letters[0].MessageId, audit.Letters[0].MessageId);
    }

    [Fact]
    public async Task Two_products_each_receive_every_message()
    {
        var billing = """{ "Brokers": { "sqsbroker": { "Envs": { "dev": { "Type": "IN_MEMORY" } }, "Topics": { "new-orders": {} } } } }""";
        await using var services = TestProvider.Build(With(("Products:billing", billing)));
        var (shop, bills) = (new Inbox(), new Inbox());
        await using var first = await services.Broker().SubscribeAsync(Event, shop.ReceiveAsync);
        await using var second = await services.Broker().SubscribeAsync(Event, bills.ReceiveAsync, product: "billing");

        for (var i = 0; i < 10; i++)
            await services.Broker().PublishAsync(Event, i, product: i % 2 == 0 ? "billing" : null);

        await shop.HasAsync(10);
        await bills.HasAsync(10);
        Assert.Equal(Enumerable.Range(0, 10).Select(x => $"{x}"), bills.Bodies.Order());
        Assert.All(bills.Letters, x => Assert.Equal("billing", x.ProductTag));
        Assert.All(shop.Letters, x => Assert.Equal("my_product", x.ProductTag));
    }

    [Fact]
    public async Task A_declared_subscriber_loses_nothing_while_it_is_not_there_yet()
    {
        await using var services = TestProvider.Build(With(($"{Topic}:Subscribers", """["my_product"]""")));
        await services.Broker().PublishAsync(Event, "early");
        var inbox = new Inbox();

        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await inbox.HasAsync(1);
        Assert.Equal(["\"early\""], inbox.Bodies);
    }
}
