using Ductape.MassTransit.Conformance;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Hosting;

/// <summary>Pausing and order on a bus that is not ours: MassTransit's test harness.</summary>
public class HostFlowTests
{
    private const string NewOrders = OrdersConfiguration.Event;

    [Fact]
    public async Task A_subscription_on_the_harness_pauses_and_resumes()
    {
        await using var services = Build("{}");
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);
        var (inbox, audit) = (new Inbox(), new Inbox());
        var subscription = await services.Broker().SubscribeAsync(NewOrders, inbox.ReceiveAsync);
        await services.Broker().SubscribeAsync(NewOrders, audit.ReceiveAsync, subscription: "audit");

        await subscription.PauseAsync().WaitAsync(PublishAndReceive.Deadline);
        for (var i = 0; i < 40; i++)
            await services.Broker().PublishAsync(NewOrders, i);
        await audit.HasAsync(40);
        Assert.Equal(0, inbox.Count);
        await subscription.ResumeAsync().WaitAsync(PublishAndReceive.Deadline);

        await inbox.HasAsync(40);
        Assert.Equal(Enumerable.Range(0, 40).Select(x => $"{x}").Order(), inbox.Bodies.Order());
    }

    [Fact]
    public async Task The_harness_stops_with_a_subscription_that_is_paused_on_messages()
    {
        var services = Build("{}");
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);
        var audit = new Inbox();
        var subscription = await services.Broker().SubscribeAsync(NewOrders, _ => Task.CompletedTask);
        await services.Broker().SubscribeAsync(NewOrders, audit.ReceiveAsync, subscription: "audit");
        await subscription.PauseAsync().WaitAsync(PublishAndReceive.Deadline);
        for (var i = 0; i < 40; i++)
            await services.Broker().PublishAsync(NewOrders, i);
        await audit.HasAsync(40);

        await harness.Stop().WaitAsync(PublishAndReceive.Deadline);
        await services.DisposeAsync().AsTask().WaitAsync(PublishAndReceive.Deadline);
    }

    [Fact]
    public async Task A_topic_in_order_has_one_callback_at_a_time_on_the_harness()
    {
        await using var services = Build("""{ "PartitionKey": "key" }""");
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start().WaitAsync(PublishAndReceive.Deadline);
        var log = new OrderLog();
        await services.Broker().SubscribeAsync(NewOrders, log.ReceiveAsync);

        for (var i = 0; i < 100; i++)
            await services.Broker().PublishAsync(NewOrders, new OrderLog.Order($"key{i % 4}", i / 4));

        await Eventually.TrueAsync(() => log.Count == 100);
        Assert.Equal(1, log.Most);
        foreach (var key in log.Keys)
            Assert.Equal(Enumerable.Range(0, 25), log.Of(key));
    }

    private static ServiceProvider Build(string topic)
    {
        var services = TestServices.With(OrdersConfiguration.With((OrdersConfiguration.Topic, topic)));
        services.AddDuctapeMessageBroker();
        services.AddMassTransitTestHarness();
        return services.BuildServiceProvider(true);
    }
}
