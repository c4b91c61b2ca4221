using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Transports;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Observers of the bus itself, which a transport that builds on this one may connect at any time.</summary>
public sealed class ObserverTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Observers_see_endpoints_that_were_connected_before_them_and_after(bool before)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var bus = await ConnectAsync(deadline.Token);
        try
        {
            var observer = new Observer();
            if (before)
                Connect(bus.Bus, observer);
            var queue = $"observed-{BrokerTag}";
            var endpoint = bus.Bus.ConnectReceiveEndpoint(queue, x => x.Handler<Observed>(_ => Task.CompletedTask));
            await endpoint.Ready.WaitAsync(deadline.Token);
            if (!before)
                Connect(bus.Bus, observer);

            await bus.Bus.Publish(new Observed(), deadline.Token);

            await Eventually.TrueAsync(() => observer is { Published: 1, Received: 1, Consumed: 1 });
            await (await bus.Bus.GetSendEndpoint(new Uri($"queue:{queue}"))).Send(new Observed(), deadline.Token);
            await Eventually.TrueAsync(() => observer is { Sent: 1, Received: 2, Consumed: 2 });
        }
        finally
        {
            await bus.StopAsync(deadline.Token);
        }
    }

    [Fact]
    public async Task An_observer_that_comes_between_two_publishes_sees_the_second()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var bus = await ConnectAsync(deadline.Token);
        try
        {
            var observer = new Observer();
            await bus.Bus.Publish(new Observed(), deadline.Token);
            await bus.Bus.Publish(new Observed(), deadline.Token);
            Connect(bus.Bus, observer);

            await bus.Bus.Publish(new Observed(), deadline.Token);

            Assert.Equal(1, observer.Published);
        }
        finally
        {
            await bus.StopAsync(deadline.Token);
        }
    }

    private async Task<TransportBus> ConnectAsync(CancellationToken cancellationToken)
    {
        var transport = Start().Services.GetServices<IBrokerTransport>().Single(x => x.Type == BrokerTypes.RabbitMq);
        var settings = (RabbitMqSettings)transport.CreateSettings();
        settings.Url = Node.Url;
        var bus = transport.CreateBus(settings);
        await bus.ConnectAsync(cancellationToken);
        // Without it receive endpoints wait: the bus receives on a connection of its own.
        await ((IReceiveConnectionBus)bus).ConnectReceivingAsync(cancellationToken);
        return bus;
    }

    private static void Connect(IBus bus, Observer observer)
    {
        bus.ConnectPublishObserver(observer);
        bus.ConnectSendObserver(observer);
        bus.ConnectReceiveObserver(observer);
        bus.ConnectConsumeObserver(observer);
    }

    public sealed record Observed;

    private sealed class Observer : IPublishObserver, ISendObserver, IReceiveObserver, IConsumeObserver
    {
        private int _published;
        private int _sent;
        private int _received;
        private int _consumed;

        public int Published => Volatile.Read(ref _published);

        public int Sent => Volatile.Read(ref _sent);

        public int Received => Volatile.Read(ref _received);

        public int Consumed => Volatile.Read(ref _consumed);

        public Task PrePublish<T>(PublishContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostPublish<T>(PublishContext<T> context)
            where T : class => Count(ref _published);

        public Task PublishFault<T>(PublishContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public Task PreSend<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostSend<T>(SendContext<T> context)
            where T : class => Count(ref _sent);

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context) => Count(ref _received);

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task PreConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context)
            where T : class => Count(ref _consumed);

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        private static Task Count(ref int counter)
        {
            Interlocked.Increment(ref counter);
            return Task.CompletedTask;
        }
    }
}
