using System.Text;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Testing;

public class RecordingMessageBrokerTests
{
    private const string Created = "orders:created";
    private const string Shipped = "orders:shipped";

    public sealed record Order(string OrderId);

    [Subscribe(Created)]
    [Subscribe("orders:changed", Subscription = "second")]
    public sealed class Shipping(IMessageBroker broker) : ISubscriber<Order>
    {
        public Task HandleAsync(Order payload, ReceivedMessage message) => broker.PublishAsync(Shipped, payload);
    }

    [Fact]
    public async Task What_is_published_is_recorded()
    {
        var broker = new RecordingMessageBroker("shop", "dev");

        var result = await broker.PublishAsync(Created, new Order("1"), headers: new Dictionary<string, object?> { ["tenant"] = "acme" },
            session: new SessionInput { Tag = "web", Token = "secret" }, cache: "c", idempotencyKey: "i", partitionKey: "p");
        await broker.PublishAsync(Shipped, new Order("2"), product: "billing", env: "stg");

        var message = broker.Published[0];
        Assert.Equal((Created, "shop", "dev", "c", "i", "p"),
            (message.Event, message.ProductTag, message.Env, message.Cache, message.IdempotencyKey, message.PartitionKey));
        Assert.Equal(new Order("1"), message.As<Order>());
        Assert.Equal("""{"orderId":"1"}""", Encoding.UTF8.GetString(message.Body.Span));
        Assert.Equal(("acme", "secret"), (message.Headers["tenant"], message.Session!.Token));
        Assert.Equal((message.MessageId, message.ProcessId, message.SentAt, true), (result.MessageId, result.ProcessId, result.SentAt, result.Success));
        Assert.Equal((Shipped, "billing", "stg"), (broker.Published[1].Event, broker.Published[1].ProductTag, broker.Published[1].Env));
    }

    [Fact]
    public async Task Nothing_is_delivered_before_the_test_says_so_and_then_what_callbacks_publish_too()
    {
        var (broker, inbox) = (new RecordingMessageBroker(), new Inbox());
        broker.AddSubscriber(new Shipping(broker));
        await broker.SubscribeAsync(Shipped, inbox.ReceiveAsync);
        await broker.SubscribeAsync(Shipped, inbox.ReceiveAsync, product: "billing");
        await broker.SubscribeAsync(Shipped, inbox.ReceiveAsync, env: "stg");
        await broker.PublishAsync("ORDERS:created", new Order("1"), headers: new Dictionary<string, object?> { ["tenant"] = "acme" });
        await broker.PublishAsync("orders:nobody", 1);
        Assert.Equal(0, inbox.Count);

        var delivered = await broker.DeliverAllAsync();

        Assert.Equal(3, delivered);
        Assert.Equal(["test", "billing"], inbox.Letters.Select(x => x.ProductTag));
        Assert.All(inbox.Letters, x => Assert.Equal(broker.Published[2].MessageId, x.MessageId));
        Assert.Equal(0, await broker.DeliverAllAsync());
    }

    [Fact]
    public async Task The_classes_of_the_application_are_subscribed_from_its_services()
    {
        var broker = new RecordingMessageBroker();
        var services = TestServices.With(TestServices.OrdersJson).AddDuctapeMessageBroker().AddSubscriber<Shipping>().Services
            .AddSingleton<IMessageBroker>(broker);
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        Assert.Throws<InvalidOperationException>(() => broker.AddSubscribersOf(new ServiceCollection().BuildServiceProvider()));

        broker.AddSubscribersOf(provider);
        await provider.Broker().PublishAsync("orders:changed", new Order("1"));
        await broker.DeliverAllAsync();

        Assert.Equal(new Order("1"), broker.Published.Single(x => x.Event == Shipped).As<Order>());
        Assert.Equal([Created, "orders:changed"], broker.Subscriptions.Select(x => x.Event));
        Assert.Equal(DuctapeErrorCodes.SubscriptionExists, Assert.Throws<DuctapeException>(() => broker.AddSubscribersOf(provider)).Code);
    }

    [Fact]
    public async Task One_message_can_be_delivered_again_and_with_a_session()
    {
        var (broker, inbox) = (new RecordingMessageBroker(), new Inbox());
        await broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await broker.PublishAsync(Created, 1);

        await broker.DeliverAsync(broker.Published[0]);
        await broker.DeliverAsync(broker.Published[0], new TestSession { Tag = "web", User = "jane" });

        Assert.Equal([null, "jane"], inbox.Letters.Select(x => x.Session?.User));
        Assert.Single(inbox.Letters.Select(x => x.MessageId).Distinct());
    }

    [Fact]
    public async Task What_a_callback_throws_comes_out_and_another_call_goes_on()
    {
        var (broker, inbox) = (new RecordingMessageBroker(), new Inbox());
        await broker.SubscribeAsync<int>(Created, (x, message) =>
            x == 1 ? throw new InvalidOperationException("The callback fails on purpose.") : inbox.ReceiveAsync(message));
        await broker.PublishAsync(Created, 1);
        await broker.PublishAsync(Created, 2);

        await Assert.ThrowsAsync<InvalidOperationException>(() => broker.DeliverAllAsync());
        await broker.DeliverAllAsync();

        Assert.Equal(["2"], inbox.Bodies);
    }

    [Fact]
    public async Task Every_subscription_gets_a_message_before_what_callbacks_throw_comes_out()
    {
        var (broker, inbox) = (new RecordingMessageBroker(), new Inbox());
        await broker.SubscribeAsync(Created, _ => throw new TimeoutException("first"));
        await broker.SubscribeAsync(Created, inbox.ReceiveAsync, subscription: "second");
        await broker.PublishAsync(Created, 1);

        await Assert.ThrowsAsync<TimeoutException>(() => broker.DeliverAllAsync());
        await broker.SubscribeAsync(Created, _ => Task.FromException(new InvalidOperationException("third")), subscription: "third");
        var both = await Assert.ThrowsAsync<AggregateException>(() => broker.DeliverAsync(broker.Published[0]));

        Assert.Equal(2, inbox.Count);
        Assert.Equal(["first", "third"], both.InnerExceptions.Select(x => x.Message));
    }

    [Fact]
    public async Task What_the_broker_itself_refuses_is_refused_for_the_same_reason()
    {
        await using var app = TestProvider.Build(OrdersConfiguration.With());
        const string Event = OrdersConfiguration.Event;
        var (real, broker) = (app.Broker(), new RecordingMessageBroker("my_product", "dev"));
        var longName = new Dictionary<string, object?> { [new string('h', 300)] = 1 };
        var reserved = new Dictionary<string, object?> { ["ductape-x"] = 1 };
        Func<IMessageBroker, Task>[] calls =
        [
            x => x.PublishAsync(Event, 1, partitionKey: new string('k', 200)),
            x => x.PublishAsync(Event, 1, headers: longName),
            x => x.PublishAsync(Event, 1, headers: reserved),
            x => x.PublishAsync(Event, (object)null!),
            x => x.PublishAsync(null!, 1),
            x => x.PublishAsync(" ", 1),
            x => x.PublishAsync("orders", 1),
            x => x.PublishAsync(new MessageBrokerPublishInput { Event = Event }),
            x => x.SubscribeAsync(Event, _ => Task.CompletedTask, subscription: "a b"),
            x => x.SubscribeAsync(Event, _ => Task.CompletedTask, subscription: ""),
            x => x.SubscribeAsync(Event, _ => Task.CompletedTask, subscription: "second", ephemeral: true),
            x => x.SubscribeAsync(Event, (Func<ReceivedMessage, Task>)null!),
            x => x.SubscribeAsync(" ", _ => Task.CompletedTask),
        ];

        foreach (var call in calls)
        {
            var expected = await Assert.ThrowsAsync<DuctapeException>(() => call(real));
            var actual = await Assert.ThrowsAsync<DuctapeException>(() => call(broker));
            Assert.Equal(expected.Message, actual.Message);
            Assert.Equal(("dev", "my_product"), (actual.Env, actual.ProductTag));
            if (expected.Event is not null)
                Assert.Equal(expected.Event, actual.Event);
        }

        await broker.SubscribeAsync(Event, _ => Task.CompletedTask);
        var exists = await Assert.ThrowsAsync<DuctapeException>(() => broker.SubscribeAsync(Event, _ => Task.CompletedTask));
        Assert.Equal((Event, "dev", "my_product"), (exists.Event, exists.Env, exists.ProductTag));
        Assert.Empty(broker.Published);
    }

    [Fact]
    public async Task A_call_that_is_given_up_is_canceled_and_not_recorded()
    {
        var broker = new RecordingMessageBroker();
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        var publish = broker.PublishAsync(Created, 1, cancellationToken: cancellation.Token);
        var subscribe = broker.SubscribeAsync(Created, _ => Task.CompletedTask, cancellationToken: cancellation.Token);

        Assert.Equal((TaskStatus.Canceled, TaskStatus.Canceled), (publish.Status, subscribe.Status));
        Assert.Empty(broker.Published);
        Assert.Empty(broker.Subscriptions);
    }

    [Fact]
    public async Task Headers_are_recorded_as_receivers_get_them()
    {
        var (broker, inbox) = (new RecordingMessageBroker(), new Inbox());
        await broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await broker.PublishAsync(Created, 1, headers: new Dictionary<string, object?>
        {
            ["int"] = 5,
            ["double"] = 1.0,
            ["half"] = 0.5,
            ["bool"] = false,
            ["text"] = "5",
            ["none"] = null,
        });

        await broker.DeliverAllAsync();

        var expected = new Dictionary<string, object?> { ["int"] = 5L, ["double"] = 1L, ["half"] = 0.5, ["bool"] = false, ["text"] = "5" };
        Assert.Equal(expected, broker.Published[0].Headers);
        Assert.Equal(expected, inbox.Letters[0].Headers);
    }

    [Fact]
    public async Task A_subscription_pauses_resumes_and_stops()
    {
        var (broker, inbox) = (new RecordingMessageBroker(), new Inbox());
        var subscription = await broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await subscription.PauseAsync(TestContext.Current.CancellationToken);
        await broker.PublishAsync(Created, 1);
        await broker.DeliverAllAsync();
        Assert.True(subscription.IsPaused);
        Assert.Equal(0, inbox.Count);

        await subscription.ResumeAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, false), (inbox.Count, subscription.IsPaused));

        await subscription.DisposeAsync();
        await broker.DeliverAsync(broker.Published[0]);
        Assert.Equal(1, inbox.Count);
        Assert.Empty(broker.Subscriptions);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => subscription.PauseAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_publish_fails_where_the_test_says_so_or_its_input_is_refused()
    {
        var broker = new RecordingMessageBroker
        {
            Fail = x => x.Event == Created ? new DuctapeException(DuctapeErrorCodes.PublishFailed, "The broker is away.") : null,
        };
        async Task<string> CodeAsync(string @event, object message) =>
            (await Assert.ThrowsAsync<DuctapeException>(() => broker.PublishAsync(@event, message))).Code;

        Assert.Equal(DuctapeErrorCodes.PublishFailed, await CodeAsync(Created, 1));
        Assert.Equal(DuctapeErrorCodes.InvalidEvent, await CodeAsync("orders", 1));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, await CodeAsync(Shipped, null!));
        await broker.PublishAsync(Shipped, 1);

        Assert.Equal([Shipped], broker.Published.Select(x => x.Event));
    }

    [Fact]
    public async Task Message_ids_are_those_that_the_broker_itself_would_take()
    {
        var broker = new RecordingMessageBroker();
        Task<PublishResult> PublishAsync(string id) => broker.PublishAsync(
            new MessageBrokerPublishInput { Event = Created, Input = new PublishInput { Message = 1, MessageId = id } });

        var result = await PublishAsync("8D1FAE526B7A4A3E9F3E3A8C0F1F6F10");
        var error = await Assert.ThrowsAsync<DuctapeException>(() => PublishAsync("order-17"));

        Assert.Equal("8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10", result.MessageId);
        Assert.Equal(result.MessageId, Assert.Single(broker.Published).MessageId);
        Assert.Equal(DuctapeErrorCodes.InvalidInput, error.Code);
        Assert.Contains("'input.message_id' is 'order-17', which is no GUID", error.Message);
    }
}
