using Ductape.MassTransit.Conformance;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Tests.Publishing;

public class ScopedMessageBrokerTests
{
    private const string NewOrders = OrdersConfiguration.Event;

    public sealed record Command(bool Fail);

    // MassTransit's in-memory outbox holds what a consumer publishes until it has succeeded.
    public sealed class CheckoutConsumer(IScopedMessageBroker scoped, IMessageBroker direct) : IConsumer<Command>
    {
        public async Task Consume(ConsumeContext<Command> context)
        {
            await scoped.PublishAsync(NewOrders, context.Message.Fail ? "scoped, failed" : "scoped, succeeded");
            await direct.PublishAsync("sqsbroker:audit", context.Message.Fail ? "direct, failed" : "direct, succeeded");
            if (context.Message.Fail)
                throw new InvalidOperationException("rolled back");
        }
    }

    [Fact]
    public async Task What_the_scoped_broker_publishes_is_held_until_the_consumer_has_succeeded()
    {
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Services.AddSingleton(TestServices.Configuration(OrdersConfiguration.With(
            ($"{OrdersConfiguration.Dev}:Type", "\"HOST\""), ($"{OrdersConfiguration.Broker}:Topics:audit", "{}"))));
        application.Services.AddMassTransit(x =>
        {
            x.AddConsumer<CheckoutConsumer>();
            x.AddConfigureEndpointsCallback((context, _, endpoint) => endpoint.UseInMemoryOutbox(context));
            x.UsingInMemory((context, bus) => bus.ConfigureEndpoints(context));
        });
        application.Services.AddDuctapeMessageBroker();
        using var host = application.Build();
        await host.StartAsync().WaitAsync(PublishAndReceive.Deadline);
        var (orders, audit) = (new Inbox(), new Inbox());
        await using var first = await host.Services.Broker().SubscribeAsync(NewOrders, orders.ReceiveAsync);
        await using var second = await host.Services.Broker().SubscribeAsync("sqsbroker:audit", audit.ReceiveAsync);

        await host.Services.GetRequiredService<IBus>().Publish(new Command(true));
        await audit.HasAsync(1);
        await host.Services.GetRequiredService<IBus>().Publish(new Command(false));
        await audit.HasAsync(2);

        await orders.HasAsync(1);
        Assert.Equal(["\"scoped, succeeded\""], orders.Bodies);
        await host.StopAsync();
    }

    [Fact]
    public async Task Every_other_route_is_published_directly()
    {
        await using var services = TestProvider.Build();
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(NewOrders, inbox.ReceiveAsync);
        await using var scope = services.CreateAsyncScope();

        var result = await scope.ServiceProvider.GetRequiredService<IScopedMessageBroker>().PublishAsync(NewOrders, 1);

        await inbox.HasAsync(1);
        Assert.Equal(inbox.Letters[0].MessageId, result.MessageId);
    }

    [Fact]
    public async Task It_refuses_what_the_singleton_refuses()
    {
        await using var services = TestProvider.Build();
        await using var scope = services.CreateAsyncScope();
        var broker = scope.ServiceProvider.GetRequiredService<IScopedMessageBroker>();

        Assert.Equal(DuctapeErrorCodes.TopicNotFound,
            (await Assert.ThrowsAsync<DuctapeException>(() => broker.PublishAsync("sqsbroker:nowhere", 1))).Code);
    }
}
