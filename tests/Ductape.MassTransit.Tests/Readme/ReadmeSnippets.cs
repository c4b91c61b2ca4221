using System.Text.Json;
using Ductape.MassTransit.Testing;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Tests.Readme;

/// <summary>The README's C#, compiled and run. <see cref="ReadmeTests"/> holds the two together.</summary>
public sealed class ReadmeSnippets
{
    [Fact]
    public async Task First_steps()
    {
        await using var provider = TestServices.With(TestServices.OrdersJson).AddDuctapeMessageBroker().Services.BuildServiceProvider();
        var broker = provider.GetRequiredService<IMessageBroker>();

        await using var subscription = await broker.SubscribeAsync<Order>("sqsbroker:new-orders", async (order, message) =>
        {
            await Console.Out.WriteLineAsync($"{order.OrderId} is {order.Status}, attempt {message.Attempt}");
        });

        await broker.PublishAsync("sqsbroker:new-orders", new { orderId = "12345", status = "pending" });

        Assert.True(subscription.Ready.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Publishing()
    {
        await using var provider = TestServices.With(TestServices.OrdersJson).AddDuctapeMessageBroker().Services.BuildServiceProvider();
        var broker = provider.GetRequiredService<IMessageBroker>();

        PublishResult result = await broker.PublishAsync(
            "sqsbroker:new-orders",
            new Order("12345", "pending"),
            headers: new Dictionary<string, object?> { ["tenant"] = "acme" });

        var input = JsonSerializer.Deserialize<MessageBrokerPublishInput>(
            """
            {
              "env": "dev", "event": "sqsbroker:new-orders", "product_tag": "my_product",
              "input": { "message": { "orderId": "12345", "status": "pending" } }
            }
            """)!;
        await broker.PublishAsync(input);

        Assert.True(result.Success);
    }

    [Fact]
    public async Task Publishing_many()
    {
        await using var provider = TestServices.With(TestServices.OrdersJson).AddDuctapeMessageBroker().Services.BuildServiceProvider();
        var broker = provider.GetRequiredService<IMessageBroker>();
        Order[] orders = [new("1", "pending"), new("2", "pending")];
        var inbox = new Conformance.Inbox();
        await using var subscription = await broker.SubscribeAsync("sqsbroker:new-orders", inbox.ReceiveAsync);

        try
        {
            IReadOnlyList<PublishResult> results = await broker.PublishManyAsync("sqsbroker:new-orders", orders);
            Console.WriteLine($"{results.Count} published");
        }
        catch (PublishManyException exception)
        {
            foreach (var failure in exception.Failures)
                Console.Error.WriteLine($"{orders[failure.Index].OrderId}: {failure.Error.Message}");
        }

        await inbox.HasAsync(2);
    }

    [Fact]
    public async Task Flow()
    {
        await using var provider = TestServices.With(TestServices.OrdersJson).AddDuctapeMessageBroker().Services.BuildServiceProvider();
        var broker = provider.GetRequiredService<IMessageBroker>();
        await using var subscription = await broker.SubscribeAsync<Order>("sqsbroker:new-orders", (_, _) => Task.CompletedTask);

        await subscription.PauseAsync();     // no callback runs any more; messages wait in the queue
        await broker.PublishAsync("sqsbroker:new-orders", new Order("12345", "paid"), partitionKey: "customer-7");
        await subscription.ResumeAsync();

        Assert.False(subscription.IsPaused);
    }

    [Fact]
    public async Task Steering()
    {
        await using var provider = TestServices.With(TestServices.OrdersJson).AddDuctapeMessageBroker().Services.BuildServiceProvider();
        await using var subscription = await provider.Broker().SubscribeAsync<Order>("sqsbroker:new-orders", (_, _) => Task.CompletedTask);
        var subscriptions = provider.GetRequiredService<ISubscriptions>();

        foreach (SubscriptionDescription x in subscriptions.List())
            Console.WriteLine($"{x.Id}: {x.Queue} is {x.State}, subscribed at {x.StartedAt:O}, {x.InFlight} in flight, {x.Handled} handled, {x.Failed} failed");

        await subscriptions.PauseAsync(subscription.Id);
        await subscriptions.ResumeAsync(subscription.Id);

        Assert.Equal(SubscriptionState.Receiving, Assert.Single(subscriptions.List()).State);
    }

    public sealed class AuditStore
    {
        public List<(string Line, string? Error)> Lines { get; } = [];

        public Task AddAsync(string line, string? error)
        {
            Lines.Add((line, error));
            return Task.CompletedTask;
        }
    }

    public sealed class AuditTrail(AuditStore store) : IOperatorLog
    {
        public async ValueTask RecordAsync(OperatorAction action) =>
            await store.AddAsync($"{action.At:O} {action.Who ?? "code"}: {action.Action} of {action.Target} in {action.Env}", action.Error);
    }

    [Fact]
    public async Task Who_did_what()
    {
        var services = TestServices.With(TestServices.OrdersJson).AddDuctapeMessageBroker().Services.AddSingleton<AuditStore>();
        services.AddSingleton<IOperatorLog, AuditTrail>();
        await using var provider = services.BuildServiceProvider();
        await using var subscription = await provider.Broker().SubscribeAsync<Order>("sqsbroker:new-orders", (_, _) => Task.CompletedTask);

        await provider.GetRequiredService<ISubscriptions>().PauseAsync(subscription.Id, who: "jane");

        var (line, error) = Assert.Single(provider.GetRequiredService<AuditStore>().Lines);
        Assert.EndsWith($" jane: Pause of {subscription.Queue} in dev", line);
        Assert.Null(error);
    }

    [Fact]
    public async Task Unit_tests()
    {
        var logger = Microsoft.Extensions.Logging.Abstractions.NullLogger<NewOrders>.Instance;

        var message = TestMessage.Of(new Order("12345", "pending"), headers: new Dictionary<string, object?> { ["tenant"] = "acme" },
            session: new TestSession { Tag = "web", User = "jane" });
        await new NewOrders(logger).HandleAsync(message.As<Order>(), message);

        var broker = new RecordingMessageBroker();
        broker.AddSubscriber(new NewOrders(logger));    // or AddSubscribersOf(provider): the classes that the application registered

        await broker.PublishAsync("sqsbroker:new-orders", new Order("12345", "pending"));    // what the code under test does with its IMessageBroker
        Assert.Equal("12345", Assert.Single(broker.Published).As<Order>().OrderId);
        Assert.Equal(1, await broker.DeliverAllAsync());
    }

    [Fact]
    public async Task Caching()
    {
        var json = OrdersConfiguration.With(($"{OrdersConfiguration.Product}:Caches:orders-cache", """{ "Expiry": 60000 }"""));
        await using var provider = TestServices.With(json).AddDuctapeMessageBroker().Services.BuildServiceProvider();
        var broker = provider.GetRequiredService<IMessageBroker>();
        var caches = provider.GetRequiredService<ICaches>();

        var first = await broker.PublishAsync("sqsbroker:new-orders", new { orderId = "12345", status = "pending" }, cache: "orders-cache");
        var second = await broker.PublishAsync("sqsbroker:new-orders", new { status = "pending", orderId = "12345" }, cache: "orders-cache");
        Console.WriteLine($"{second.Cached}, {second.ProcessId == first.ProcessId}");    // True, True

        await broker.PublishAsync("sqsbroker:new-orders", new { orderId = "12345", status = "paid" }, idempotencyKey: "payment-777");

        CachedValuePage page = await caches.ListValuesAsync("orders-cache", page: 1, limit: 20);    // ICaches: what is kept
        await caches.ClearAsync("orders-cache");                                                    // all of it, on every instance

        Assert.True(second.Cached);
        Assert.Equal(first.ProcessId, Assert.Single(page.Values).ProcessId);
    }

    [Fact]
    public async Task Dead_letters()
    {
        var json = OrdersConfiguration.With(($"{OrdersConfiguration.Topic}:Retry", """{ "Count": 0 }"""));
        await using var provider = TestServices.With(json).AddDuctapeMessageBroker().Services.BuildServiceProvider();
        var (broker, deadLetters) = (provider.GetRequiredService<IMessageBroker>(), provider.GetRequiredService<IDeadLetters>());
        await using var subscription = await broker.SubscribeAsync("sqsbroker:new-orders", message =>
            message.Replays > 0 ? Task.CompletedTask
            : message.Json.ValueKind == JsonValueKind.Number ? throw new TimeoutException() : throw new InvalidOperationException());
        await broker.PublishAsync("sqsbroker:new-orders", 1);
        var messageId = (await broker.PublishAsync("sqsbroker:new-orders", "two")).MessageId;
        await Conformance.Eventually.TrueAsync(async () => await deadLetters.CountAsync("sqsbroker:new-orders") == 2);

        foreach (DeadLetter dead in await deadLetters.PeekAsync("sqsbroker:new-orders", limit: 10))
            Console.WriteLine($"{dead.FailedAt}: {dead.MessageId}, {dead.Attempts} attempts, {dead.ExceptionType}: {dead.ExceptionMessage}");

        var timeouts = new DeadLetterSelection { Where = x => x.ExceptionType == "System.TimeoutException", Limit = 1000 };
        ReplayResult dry = await deadLetters.ReplayAsync("sqsbroker:new-orders", timeouts, dryRun: true);
        ReplayResult done = await deadLetters.ReplayAsync("sqsbroker:new-orders", timeouts, rate: 50);    // messages per second
        Console.WriteLine($"{done.Replayed} of {dry.Matched} replayed, {done.Left} left");

        await deadLetters.DiscardAsync("sqsbroker:new-orders", DeadLetterSelection.ByMessageId(messageId));

        Assert.Equal((1, 1, 1), (dry.Matched, done.Replayed, done.Left));
        Assert.Equal(0, await deadLetters.CountAsync("sqsbroker:new-orders"));
    }

    [Fact]
    public async Task Sessions()
    {
        await using var provider = TestProvider.Build(OrdersConfiguration.With(($"{OrdersConfiguration.Product}:Sessions:session-tag-1",
            """{ "SigningKey": "a signing key of thirty-two bytes or more", "Selector": "$Session{userId}" }""")));
        var (broker, sessions) = (provider.GetRequiredService<IMessageBroker>(), provider.GetRequiredService<ISessions>());

        StartedSession started = await sessions.StartAsync("session-tag-1", new { userId = "user_1" }, product: "my_product", env: "dev");

        await broker.PublishAsync("sqsbroker:new-orders", new Order("12345", "pending"),
            session: new SessionInput { Tag = "session-tag-1", Token = started.Token });

        StartedSession renewed = await sessions.RefreshAsync("session-tag-1", started.RefreshToken, product: "my_product", env: "dev");
        await sessions.RevokeAsync("session-tag-1", sessionId: renewed.SessionId, product: "my_product", env: "dev");

        Assert.False((await sessions.VerifyAsync("session-tag-1", renewed.Token, product: "my_product", env: "dev")).Valid);
    }

    [Fact]
    public async Task Testing_with_the_harness()
    {
        var configuration = TestServices.Configuration(TestServices.OrdersJson);

        await using var provider = new ServiceCollection()
            .AddSingleton(configuration)                // the application's own, appsettings.json and all
            .AddDuctapeMessageBroker().AddSubscriber<NewOrders>().Services
            .AddMassTransitTestHarness()
            .BuildServiceProvider(true);
        var harness = await provider.StartTestHarness();

        await provider.GetRequiredService<IMessageBroker>().PublishAsync("sqsbroker:new-orders", new Order("12345", "pending"));

        Assert.True(await harness.Published.Any<TopicMessage>(x => x.Context.Message.Event == "sqsbroker:new-orders"));
        Assert.True(await harness.Consumed.Any<TopicMessage>(x => x.Context.Message.As<Order>()!.OrderId == "12345"));
    }

    [Fact]
    public async Task Filtering()
    {
        var services = TestServices.With(TestServices.OrdersJson).AddLogging().AddSingleton<ITenant, Acme>().AddSingleton<ICipher, Reverse>();
        services.AddDuctapeMessageBroker()
            .AddPublishFilter<Tenants>().AddDeliveryFilter<Tenants>()
            .AddPublishFilter<Encryption>(events: "sqsbroker:*").AddDeliveryFilter<Encryption>(events: "sqsbroker:*");
        await using var provider = services.BuildServiceProvider();
        var received = new TaskCompletionSource<(Order, object?)>();
        await provider.GetRequiredService<IMessageBroker>().SubscribeAsync<Order>("sqsbroker:new-orders", (order, message) =>
        {
            received.SetResult((order, message.Headers["tenant"]));
            return Task.CompletedTask;
        });

        await provider.GetRequiredService<IMessageBroker>().PublishAsync("sqsbroker:new-orders", new Order("12345", "pending"));

        Assert.Equal((new Order("12345", "pending"), "acme"), await received.Task.WaitAsync(Conformance.Eventually.Deadline));
    }

    public interface ITenant
    {
        string Name { get; }
    }

    public interface ICipher
    {
        byte[] Encrypt(byte[] plain);

        byte[] Decrypt(byte[] encrypted);
    }

    public sealed class Acme : ITenant
    {
        public string Name => "acme";
    }

    public sealed class Reverse : ICipher
    {
        public byte[] Encrypt(byte[] plain) => [.. plain.Reverse()];

        public byte[] Decrypt(byte[] encrypted) => [.. encrypted.Reverse()];
    }

    public sealed class Tenants(ITenant tenant, ILogger<Tenants> logger) : IPublishFilter, IDeliveryFilter
    {
        public Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken)
        {
            message.Headers["tenant"] = tenant.Name;
            return next(message);
        }

        public async Task DeliverAsync(ReceivedMessage message, DeliveryNext next)
        {
            using (logger.BeginScope("tenant {Tenant}", message.Headers.GetValueOrDefault("tenant")))
                await next(message);
        }
    }

    public sealed class Encryption(ICipher cipher) : IPublishFilter, IDeliveryFilter
    {
        // Bytes become a JSON string in Base64.
        public Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken) =>
            next(message.WithBody(JsonSerializer.SerializeToUtf8Bytes(cipher.Encrypt(message.Body.ToArray()))));

        public Task DeliverAsync(ReceivedMessage message, DeliveryNext next) =>
            next(message.WithBody(cipher.Decrypt(message.As<byte[]>())));
    }

    // Compiled only: it would run until somebody stops it.
    internal static async Task SettingUp(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddDuctapeMessageBroker()     // binds and validates the "Ductape" section
            .AddRabbitMq()                             // one call per transport package; in-memory is built in
            .AddSubscriber<NewOrders>();               // a class that receives events
        await builder.Build().RunAsync();
    }

    [Subscribe("sqsbroker:new-orders")]
    public sealed class NewOrders(ILogger<NewOrders> logger) : ISubscriber<Order>
    {
        public Task HandleAsync(Order order, ReceivedMessage message)
        {
            logger.LogInformation("{OrderId} is {Status}", order.OrderId, order.Status);
            return Task.CompletedTask;
        }
    }

    [MessageUrn("ductape:sqsbroker:new-orders")]
    [EntityName("sqsbroker-new-orders-stg")]
    public record NewOrder(string OrderId, string Status);

    public sealed record Order(string OrderId, string Status);
}
