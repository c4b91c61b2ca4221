using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Transports;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.CallWorker;

/// <summary>What a transport that builds on another one may do with its bus.</summary>
internal static class BusFlow
{
    private const string Name = "calls-bus";

    public static async Task RunAsync(ReloadApp app, string type, Action<TransportSettings> configure)
    {
        var transport = app.Services.GetServices<IBrokerTransport>().Single(x => x.Type == type);
        var settings = transport.CreateSettings();
        configure(settings);
        var bus = transport.CreateBus(settings);
        await bus.ConnectAsync(CancellationToken.None);
        if (bus is IReceiveConnectionBus receiving)
            await receiving.ConnectReceivingAsync(CancellationToken.None);
        var observer = new Observer();
        bus.Bus.ConnectPublishObserver(observer);
        bus.Bus.ConnectSendObserver(observer);
        bus.Bus.ConnectReceiveObserver(observer);
        bus.Bus.ConnectConsumeObserver(observer);
        var topic = new TopicTopology { Event = "calls:bus", MessageType = typeof(ContextUse.Accepted), Entity = Name, Settings = settings, Ordered = true };
        bus.DeclareTopic(topic);
        var endpoint = bus.Bus.ConnectReceiveEndpoint(Name, x =>
        {
            bus.ConfigureEndpoint(x, new EndpointTopology { Topic = topic, Queue = Name, Ephemeral = false });
            x.Handler<ContextUse.Accepted>(_ => Task.CompletedTask);
        });
        await endpoint.Ready.WaitAsync(Eventually.Deadline);
        await bus.Bus.Publish(new ContextUse.Accepted(1));
        bus.Bus.GetProbeResult();
        await bus.StopAsync(CancellationToken.None);
    }

    private sealed class Observer : IPublishObserver, ISendObserver, IReceiveObserver, IConsumeObserver
    {
        public Task PrePublish<T>(PublishContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostPublish<T>(PublishContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public Task PreSend<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostSend<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task PreConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}
