using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Hosting;

public class DisposalTests
{
    [Fact]
    public async Task A_plain_provider_can_be_disposed_asynchronously()
    {
        IMessageBroker broker;
        await using (var services = TestProvider.Build())
        {
            broker = services.Broker();
            await broker.SubscribeAsync(Event, _ => Task.CompletedTask);
            await broker.PublishAsync(Event, 1);
        }

        await AssertRefusesAsync(broker);
    }

    [Fact]
    public async Task A_plain_provider_can_be_disposed_synchronously()
    {
        IMessageBroker broker;
        using (var services = TestProvider.Build())
        {
            broker = services.Broker();
            await broker.SubscribeAsync(Event, _ => Task.CompletedTask);
            await broker.PublishAsync(Event, 1);
        }

        await AssertRefusesAsync(broker);
    }

    [Fact]
    public async Task A_connection_that_was_never_used_cannot_be_opened_after_disposal()
    {
        IMessageBroker broker;
        await using (var services = TestProvider.Build(With(("PublishTimeout", "\"00:00:05\""), ("SubscribeTimeout", "\"00:00:05\""))))
            broker = services.Broker();

        await AssertRefusesAsync(broker);
    }

    [Fact]
    public async Task An_unused_provider_is_disposed_either_way()
    {
        await TestProvider.Build().DisposeAsync();
        TestProvider.Build().Dispose();
        var used = TestProvider.Build();
        used.Catalog().FetchRoute(Event);
        used.Dispose();
        await used.DisposeAsync();
    }

    [Fact]
    public async Task A_disposed_provider_does_not_disturb_another_one()
    {
        await using var other = TestProvider.Build();
        var inbox = new Conformance.Inbox();
        await using var subscription = await other.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);
        await using (var services = TestProvider.Build())
            await services.Broker().PublishAsync(Event, "of the first");

        await other.Broker().PublishAsync(Event, "of the other");

        await inbox.HasAsync(1);
        Assert.Equal(["\"of the other\""], inbox.Bodies);
    }

    [Fact]
    public async Task Whatever_is_called_afterwards_says_in_words_that_it_has_ended()
    {
        var services = TestProvider.Build(With(($"{Product}:Caches", """{ "orders": { "Expiry": 60000 } }"""),
            ($"{Product}:Sessions", """{ "web": { "SigningKey": "0123456789abcdef0123456789abcdef" } }""")));
        var (broker, dead, sessions, caches) = (services.Broker(), services.GetRequiredService<IDeadLetters>(), services.GetRequiredService<ISessions>(),
            services.GetRequiredService<ICaches>());
        var scope = services.CreateScope().ServiceProvider.GetRequiredService<IScopedMessageBroker>();
        var subscription = await broker.SubscribeAsync(Event, _ => Task.CompletedTask);
        await broker.PublishAsync(Event, 1, cache: "orders");
        var token = (await sessions.StartAsync("web", new { sub = "user_1" }, product: "my_product", env: "dev")).Token;
        await services.DisposeAsync();

        Func<Task>[] calls =
        [
            () => broker.PublishAsync(Event, 2),
            () => broker.PublishAsync(Event, 3, cache: "orders"),
            () => broker.PublishAsync(Event, 4, idempotencyKey: "four"),
            () => broker.PublishAsync(Event, 5, session: new SessionInput { Tag = "web", Token = token }),
            () => broker.PublishManyAsync(Event, [6, 7]),
            () => scope.PublishAsync(Event, 8),
            () => broker.SubscribeAsync(Event, _ => Task.CompletedTask),
            () => broker.SubscribeAsync(Event, _ => Task.CompletedTask, ephemeral: true),
            () => subscription.PauseAsync(),
            () => subscription.ResumeAsync(),
            () => dead.CountAsync(Event),
            () => dead.PeekAsync(Event),
            () => dead.ReplayAsync(Event),
            () => dead.DiscardAsync(Event, DeadLetterSelection.All),
            () => sessions.StartAsync("web", new { sub = "user_2" }, product: "my_product", env: "dev"),
            () => caches.ListValuesAsync("orders"),
            () => caches.ClearAsync("orders"),
        ];
        foreach (var (index, call) in calls.Index())
        {
            var error = await Record.ExceptionAsync(() => call().WaitAsync(PublishAndReceive.Deadline));
            for (var e = error; e is not null; e = e.InnerException)
            {
                Assert.True(!e.Message.Contains("Object name", StringComparison.Ordinal) && !e.Message.Contains("Cannot access", StringComparison.Ordinal),
                    $"{index}: {error}");
            }

            Assert.True(error is null or DuctapeException or ObjectDisposedException or InvalidOperationException, $"{index}: {error}");
        }
    }

    private static async Task AssertRefusesAsync(IMessageBroker broker)
    {
        var publish = await Assert.ThrowsAsync<DuctapeException>(() => broker.PublishAsync(Event, 2).WaitAsync(PublishAndReceive.Deadline));
        Assert.Equal(DuctapeErrorCodes.PublishFailed, publish.Code);
        Assert.IsType<ObjectDisposedException>(publish.InnerException);

        var subscribe = await Assert.ThrowsAsync<DuctapeException>(
            () => broker.SubscribeAsync(Event, _ => Task.CompletedTask, subscription: "late").WaitAsync(PublishAndReceive.Deadline));
        Assert.Equal(DuctapeErrorCodes.SubscribeFailed, subscribe.Code);
    }
}
