using System.Collections.Concurrent;
using Ductape.MassTransit.Conformance;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Tests.Hosting;

public class HostBusTests
{
    private const string NewOrders = OrdersConfiguration.Event;
    private static readonly string OnHost = OrdersConfiguration.With(($"{OrdersConfiguration.Dev}:Type", "\"HOST\""));

    // What a service that knows nothing of this library writes to join in.
    [MessageUrn("ductape:sqsbroker:new-orders")]
    [EntityName("sqsbroker-new-orders-dev")]
    public sealed record PlainOrder(string OrderId, decimal Price);

    public sealed class PlainConsumer(ConcurrentQueue<(PlainOrder Order, string MessageId)> received) : IConsumer<PlainOrder>
    {
        public Task Consume(ConsumeContext<PlainOrder> context)
        {
            received.Enqueue((context.Message, $"{context.MessageId}"));
            return Task.CompletedTask;
        }
    }

    [Subscribe(NewOrders)]
    public sealed class OrderDesk(Inbox inbox) : ISubscriber<PlainOrder>
    {
        public Task HandleAsync(PlainOrder payload, ReceivedMessage message) => inbox.ReceiveAsync(message);
    }

    [Fact]
    public async Task A_plain_MassTransit_consumer_receives_what_we_publish()
    {
        using var host = Build(ductapeFirst: true);
        await host.StartAsync().WaitAsync(PublishAndReceive.Deadline);
        var received = host.Services.GetRequiredService<ConcurrentQueue<(PlainOrder Order, string MessageId)>>();

        var result = await host.Services.Broker().PublishAsync(NewOrders, new PlainOrder("12345", 19.90m));

        await Eventually.TrueAsync(() => !received.IsEmpty);
        Assert.Equal([(new PlainOrder("12345", 19.90m), result.MessageId)], received);
        Assert.Equal("HOST", result.BrokerType);
        await host.StopAsync();
    }

    [Fact]
    public async Task We_receive_what_plain_MassTransit_publishes()
    {
        using var host = Build(ductapeFirst: true);
        await host.StartAsync().WaitAsync(PublishAndReceive.Deadline);
        var inbox = new Inbox();
        // MassTransit writes a decimal as text; it is read all the same.
        var orders = new ConcurrentQueue<PlainOrder>();
        await using var subscription = await host.Services.Broker().SubscribeAsync<PlainOrder>(NewOrders, (order, message) =>
        {
            orders.Enqueue(order);
            return inbox.ReceiveAsync(message);
        });

        await host.Services.GetRequiredService<IBus>().Publish(new PlainOrder("é", 1.50m), x => x.Headers.Set("trace-id", "abc"));

        await inbox.HasAsync(1);
        Assert.Equal([new PlainOrder("é", 1.50m)], orders);
        var letter = Assert.Single(inbox.Letters);
        Assert.Equal("abc", letter.Headers["trace-id"]);
        Assert.NotNull(letter.MessageId);
        Assert.NotNull(letter.SentAt);
        await host.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_class_based_subscriber_starts_on_the_applications_bus_registered_before_or_after(bool ductapeFirst)
    {
        using var host = Build(ductapeFirst, x =>
        {
            x.Services.AddSingleton<Inbox>();
            x.AddSubscriber<OrderDesk>();
        });
        await host.StartAsync().WaitAsync(PublishAndReceive.Deadline);

        await host.Services.Broker().PublishAsync(NewOrders, new PlainOrder("1", 1m));

        await host.Services.GetRequiredService<Inbox>().HasAsync(1);
        await host.StopAsync().WaitAsync(PublishAndReceive.Deadline);
    }

    [Fact]
    public async Task Without_a_bus_of_the_application_the_missing_call_is_named()
    {
        var inUse = Assert.Throws<InvalidConfigurationException>(() =>
            TestProvider.Build(OrdersConfiguration.With(($"{OrdersConfiguration.Dev}:Type", "\"HOST\""))).Broker());
        Assert.Contains("TRANSPORT_NOT_REGISTERED", inUse.Message);
        Assert.Contains("services.AddMassTransit(...)", inUse.Message);

        await using var services = TestProvider.Build(OrdersConfiguration.With(
            ($"{OrdersConfiguration.Dev}:Type", "\"HOST\""), ("Env", "null")));

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(NewOrders, 1, env: "dev"));

        Assert.Equal(DuctapeErrorCodes.TransportNotRegistered, exception.Code);
        Assert.Contains("services.AddMassTransit(...)", exception.Message);
        Assert.Equal((NewOrders, "dev", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
    }

    private static IHost Build(bool ductapeFirst, Action<IDuctapeMessageBrokerBuilder>? more = null)
    {
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Services.AddSingleton(TestServices.Configuration(OnHost));
        application.Services.AddSingleton<ConcurrentQueue<(PlainOrder Order, string MessageId)>>();
        if (ductapeFirst)
            AddDuctape();
        application.Services.AddMassTransit(x =>
        {
            x.AddConsumer<PlainConsumer>();
            x.UsingInMemory((context, bus) => bus.ConfigureEndpoints(context));
        });
        if (!ductapeFirst)
            AddDuctape();
        return application.Build();

        void AddDuctape()
        {
            var builder = application.Services.AddDuctapeMessageBroker();
            more?.Invoke(builder);
        }
    }
}
