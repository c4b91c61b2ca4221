using System.Collections.Concurrent;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

public class ClassSubscriberTests
{
    public sealed record Order(string OrderId);

    public sealed class UnitOfWork(Ledger ledger) : IAsyncDisposable
    {
        public Guid Id { get; } = Guid.NewGuid();

        public ValueTask DisposeAsync()
        {
            ledger.Disposed.Enqueue(Id);
            return ValueTask.CompletedTask;
        }
    }

    public sealed class Ledger
    {
        public ConcurrentQueue<(string OrderId, Guid Unit, string Event, bool DisposedBefore)> Handled { get; } = [];

        public ConcurrentQueue<Guid> Disposed { get; } = [];
    }

    [Subscribe(Event)]
    [Subscribe("sqsbroker:refunds", Subscription = "orders")]
    public sealed class NewOrders(Ledger ledger, UnitOfWork unit) : ISubscriber<Order>
    {
        public Task HandleAsync(Order payload, ReceivedMessage message)
        {
            ledger.Handled.Enqueue((payload.OrderId, unit.Id, message.Event, ledger.Disposed.Contains(unit.Id)));
            return payload.OrderId == "refused" && message.Attempt == 1 ? throw new InvalidOperationException("once") : Task.CompletedTask;
        }
    }

    [Subscribe(Event)]
    public sealed class NewOrdersAgain : ISubscriber<Order>
    {
        public Task HandleAsync(Order payload, ReceivedMessage message) => Task.CompletedTask;
    }

    [Subscribe("sqsbroker:nowhere")]
    public sealed class Misspelt : ISubscriber<Order>
    {
        public Task HandleAsync(Order payload, ReceivedMessage message) => Task.CompletedTask;
    }

    public sealed class WithoutAttribute : ISubscriber<Order>
    {
        public Task HandleAsync(Order payload, ReceivedMessage message) => Task.CompletedTask;
    }

    [Subscribe(Event)]
    public sealed class WithoutInterface;

    [Subscribe(Event)]
    public sealed class WithTwo : ISubscriber<Order>, ISubscriber<string>
    {
        public Task HandleAsync(Order payload, ReceivedMessage message) => Task.CompletedTask;

        public Task HandleAsync(string payload, ReceivedMessage message) => Task.CompletedTask;
    }

    [Fact]
    public async Task A_host_starts_it_and_every_message_gets_a_scope_that_is_disposed_after()
    {
        using var host = Host(x => x.AddSubscriber<NewOrders>());
        await host.StartAsync();
        var (broker, ledger) = (host.Services.Broker(), host.Services.GetRequiredService<Ledger>());

        await broker.PublishAsync(Event, new { orderId = "1" });
        await broker.PublishAsync(Event, new { orderId = "2" });
        await broker.PublishAsync("sqsbroker:refunds", new { orderId = "3" });

        await Eventually.TrueAsync(() => ledger.Disposed.Count == 3);
        Assert.Equal([("1", Event), ("2", Event), ("3", "sqsbroker:refunds")], ledger.Handled.Select(x => (x.OrderId, x.Event)).Order());
        Assert.Equal(3, ledger.Handled.Select(x => x.Unit).Distinct().Count());
        Assert.Equal(ledger.Handled.Select(x => x.Unit).Order(), ledger.Disposed.Order());
        Assert.All(ledger.Handled, x => Assert.False(x.DisposedBefore));
        await host.StopAsync();
    }

    [Fact]
    public async Task Every_attempt_gets_a_scope_of_its_own()
    {
        using var host = Host(x => x.AddSubscriber<NewOrders>());
        await host.StartAsync();
        var ledger = host.Services.GetRequiredService<Ledger>();

        await host.Services.Broker().PublishAsync(Event, new { orderId = "refused" });

        await Eventually.TrueAsync(() => ledger.Disposed.Count == 2);
        Assert.Equal(2, ledger.Handled.Select(x => x.Unit).Distinct().Count());
        await host.StopAsync();
    }

    [Fact]
    public async Task A_subscriber_of_an_event_that_is_not_configured_stops_the_start()
    {
        using var host = Host(x => x.AddSubscriber<Misspelt>());

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => host.StartAsync());

        Assert.Equal((DuctapeErrorCodes.TopicNotFound, "sqsbroker:nowhere"), (exception.Code, exception.Event));
    }

    [Fact]
    public void A_class_that_cannot_subscribe_is_refused_when_it_is_added()
    {
        var builder = TestServices.With(TestServices.OrdersJson).AddDuctapeMessageBroker();

        Assert.Equal($"{typeof(WithoutAttribute)} does not say what it subscribes to; add [Subscribe(\"brokerTag:topicTag\")].",
            Assert.Throws<ArgumentException>(() => builder.AddSubscriber<WithoutAttribute>()).Message);
        Assert.Equal($"{typeof(WithoutInterface)} implements ISubscriber<T> 0 times; implement it once, for the type of its payload.",
            Assert.Throws<ArgumentException>(() => builder.AddSubscriber<WithoutInterface>()).Message);
        Assert.Equal($"{typeof(WithTwo)} implements ISubscriber<T> 2 times; implement it once, for the type of its payload.",
            Assert.Throws<ArgumentException>(() => builder.AddSubscriber<WithTwo>()).Message);
    }

    [Fact]
    public async Task Two_for_the_same_queue_stop_the_start()
    {
        using var host = Host(x => x.AddSubscriber<NewOrders>().AddSubscriber<NewOrdersAgain>());

        Assert.Equal(DuctapeErrorCodes.SubscriptionExists, (await Assert.ThrowsAsync<DuctapeException>(() => host.StartAsync())).Code);
    }

    [Fact]
    public async Task Registering_a_class_twice_is_registering_it_once()
    {
        using var host = Host(x => x.AddSubscriber<NewOrders>().AddSubscriber<NewOrders>());

        await host.StartAsync();

        await host.StopAsync();
    }

    private static IHost Host(Action<IDuctapeMessageBrokerBuilder> more) => TestHost.Build(
        With(($"{Broker}:Topics:refunds", "{}"), ($"{Topic}:Retry:InitialDelay", "\"00:00:00.001\"")),
        x =>
        {
            x.Services.AddSingleton<Ledger>().AddScoped<UnitOfWork>();
            more(x);
        });
}
