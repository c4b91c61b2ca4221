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
