using System.Text.Json;
using Ductape.MassTransit.Conformance;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Hosting;

public class TestHarnessTests
{
    private const string NewOrders = OrdersConfiguration.Event;

    public sealed record Order(string OrderId);

    [Subscribe(NewOrders)]
    public sealed class OrderDesk(Inbox inbox) : ISubscriber<Order>
    {
        public Task HandleAsync(Order payload, ReceivedMessage message) => inbox.ReceiveAsync(message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_event_is_seen_by_the_harness_registered_before_or_after(bool before)
    {
        await using var services = Build(before);
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(NewOrders, inbox.ReceiveAsync);

        var result = await services.Broker().PublishAsync(NewOrders, new { orderId = "12345" });

        Assert.True(await harness.Published.Any<TopicMessage>(x => x.Context.Message.Event == NewOrders));
        Assert.True(await harness.Consumed.Any<TopicMessage>(x => x.Context.Message.Event == NewOrders && x.Context.MessageId.ToString() == result.MessageId));
        var published = harness.Published.Select<TopicMessage>().Single().Context;
        Assert.Equal(new Order("12345"), published.Message.As<Order>());
        Assert.Equal((result.MessageId, result.ProcessId), (published.MessageId.ToString(), published.CorrelationId));
        await inbox.HasAsync(1);
        Assert.Equal(["""{"orderId":"12345"}"""], inbox.Bodies);
    }

    [Fact]
    public async Task Messages_on_the_harness_are_read_with_the_configured_serializer_options()
    {
        await using var services = Build(true, x => x.Services.Configure<DuctapeOptions>(
            options => options.SerializerOptions = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper }));
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(NewOrders, inbox.ReceiveAsync);

        await services.Broker().PublishAsync(NewOrders, new Order("12345"));

        await inbox.HasAsync(1);
        Assert.Equal(["""{"ORDER-ID":"12345"}"""], inbox.Bodies);
        Assert.Equal(new Order("12345"), harness.Published.Select<TopicMessage>().Single().Context.Message.As<Order>());
        Assert.True(await harness.Consumed.Any<TopicMessage>(x => x.Context.Message.As<Order>() == new Order("12345")));
        Assert.Equal(new Order(null!), harness.Published.Select<TopicMessage>().Single().Context.Message.As<Order>(JsonSerializerOptions.Web));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Class_based_subscribers_start_with_the_harness_registered_before_or_after(bool before)
    {
        await using var services = Build(before, x =>
        {
            x.Services.AddSingleton<Inbox>();
            x.AddSubscriber<OrderDesk>();
        });
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);

        await services.Broker().PublishAsync(NewOrders, new { orderId = "12345" });

        Assert.True(await harness.Consumed.Any<TopicMessage>(x => x.Context.Message.Event == NewOrders));
        await services.GetRequiredService<Inbox>().HasAsync(1);
    }

    [Fact]
    public async Task A_broker_on_RabbitMQ_runs_on_the_harness_too()
    {
        var json = OrdersConfiguration.With((OrdersConfiguration.Dev, """{ "Type": "RABBITMQ", "Config": { "Url": "amqp://localhost:1/" } }"""));
        await using var services = Build(false, x => x.AddRabbitMq(), json);
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(NewOrders, inbox.ReceiveAsync);

        var result = await services.Broker().PublishAsync(NewOrders, 1);

        await inbox.HasAsync(1);
        Assert.Equal("RABBITMQ", result.BrokerType);
        Assert.True(await harness.Published.Any<TopicMessage>());
    }

    [Fact]
    public async Task Nothing_of_a_brokers_Config_is_needed()
    {
        await using var services = Build(false, x =>
        {
            x.Services.AddSingleton<Inbox>();
            x.AddRabbitMq().AddSubscriber<OrderDesk>();
        }, OrdersConfiguration.With((OrdersConfiguration.Dev, """
            { "Type": "RABBITMQ", "Config": {
                "Url": "amqps://orders:$Secret{NOBODY_HAS_THIS}@rabbit.internal/",
                "Tls": { "Enabled": true, "CaCertificatePath": "/no/such/file.pem", "ClientCertificatePath": "/no/such/client.pfx" } } }
            """)));
        var harness = await services.StartTestHarness().WaitAsync(PublishAndReceive.Deadline);

        await services.Broker().PublishAsync(NewOrders, new { orderId = "12345" });

        Assert.True(await harness.Consumed.Any<TopicMessage>(x => x.Context.Message.Event == NewOrders));
        await services.GetRequiredService<Inbox>().HasAsync(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_publish_before_the_harness_was_started_says_so(bool hasClass)
    {
        await using var services = Build(false, x =>
        {
            x.Services.AddSingleton<Inbox>();
            if (hasClass)
                x.AddSubscriber<OrderDesk>();
        });

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(NewOrders, 1));
        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.Contains("StartTestHarness", error.Message);

        await services.StartTestHarness().WaitAsync(PublishAndReceive.Deadline);
        await services.Broker().PublishAsync(NewOrders, new { orderId = "12345" });
    }

    [Fact]
    public async Task After_a_start_that_failed_every_call_says_why()
    {
        await using var services = Build(false, x => x.AddSubscriber<RefundDesk>());
        await Assert.ThrowsAsync<DuctapeException>(() => services.StartTestHarness().WaitAsync(PublishAndReceive.Deadline));

        var publish = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(NewOrders, 1));
        Assert.Equal(DuctapeErrorCodes.PublishFailed, publish.Code);
        Assert.Contains("'refunds'", publish.Message);
        var subscribe = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().SubscribeAsync(NewOrders, _ => Task.CompletedTask));
        Assert.Equal(DuctapeErrorCodes.SubscribeFailed, subscribe.Code);
        Assert.Contains("'refunds'", subscribe.Message);
    }

    [Subscribe("sqsbroker:refunds")]
    public sealed class RefundDesk : ISubscriber<Order>
    {
        public Task HandleAsync(Order payload, ReceivedMessage message) => Task.CompletedTask;
    }

    [Fact]
    public async Task The_harness_says_that_another_event_was_not_published()
    {
        await using var services = Build(false);
        var harness = services.GetRequiredService<ITestHarness>();
        harness.TestInactivityTimeout = TimeSpan.FromMilliseconds(200);
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);

        await services.Broker().PublishAsync(NewOrders, 1);

        Assert.False(await harness.Published.Any<TopicMessage>(x => x.Context.Message.Event == "sqsbroker:refunds"));
    }

    [Theory]
    [InlineData("RABBITMQ")]
    [InlineData("AWS_SQS")]
    [InlineData("HOST")]
    public async Task A_broker_runs_on_the_harness_without_the_package_of_its_transport(string type)
    {
        await using var services = Build(false, json: OrdersConfiguration.With(
            (OrdersConfiguration.Dev, $$"""{ "Type": "{{type}}", "Config": { "Region": "us-east-1" } }""".Replace("\"HOST\", \"Config\": { \"Region\": \"us-east-1\" }", "\"HOST\""))));
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);

        var result = await services.Broker().PublishAsync(NewOrders, 1);

        Assert.Equal(type, result.BrokerType);
        Assert.True(await harness.Published.Any<TopicMessage>(x => x.Context.Message.Event == NewOrders));
    }

    [Fact]
    public async Task The_harness_can_publish_what_a_callback_receives()
    {
        await using var services = Build(false);
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);
        var received = new TaskCompletionSource<HostBusTests.PlainOrder>();
        await using var subscription = await services.Broker().SubscribeAsync<HostBusTests.PlainOrder>(NewOrders, (order, _) =>
        {
            received.TrySetResult(order);
            return Task.CompletedTask;
        });

        await harness.Bus.Publish(new HostBusTests.PlainOrder("7", 1.5m));

        Assert.Equal(new HostBusTests.PlainOrder("7", 1.5m), await received.Task.WaitAsync(PublishAndReceive.Deadline));
    }

    private static ServiceProvider Build(bool before, Action<IDuctapeMessageBrokerBuilder>? more = null, string json = TestServices.OrdersJson)
    {
        var services = TestServices.With(json);
        if (before)
            services.AddMassTransitTestHarness();
        var builder = services.AddDuctapeMessageBroker();
        more?.Invoke(builder);
        if (!before)
            services.AddMassTransitTestHarness();
        return services.BuildServiceProvider(true);
    }
}
