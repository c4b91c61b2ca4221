using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Connections;
using Ductape.MassTransit.Tests.Diagnostics;
using Ductape.MassTransit.Transports;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

/// <summary>
/// A stop whose time is up before its endpoint has stopped: the next subscription of the queue waits for that.
/// </summary>
public class GivenUpStopTests
{
    [Fact]
    public async Task A_next_one_that_is_stopped_before_it_began_leaves_the_queue_to_the_one_after_it()
    {
        await using var services = Build();
        var (stops, second, third) = (await GiveUpAStopAsync(services), new Inbox(), new Inbox());

        var cancelled = await services.Broker().SubscribeAsync(OrdersConfiguration.Event, second.ReceiveAsync);
        Assert.False(cancelled.Ready.IsCompleted);
        await cancelled.StopAsync().WaitAsync(PublishAndReceive.Deadline);
        Assert.True(cancelled.Ready.IsCanceled);
        var next = await services.Broker().SubscribeAsync(OrdersConfiguration.Event, third.ReceiveAsync);
        Assert.False(next.Ready.IsCompleted);

        stops.SetResult();
        await next.Ready.WaitAsync(PublishAndReceive.Deadline);
        await services.Broker().PublishAsync(OrdersConfiguration.Event, 1);
        await third.HasAsync(1);
        Assert.Equal(0, second.Count);
    }

    [Fact]
    public async Task A_next_one_that_is_paused_before_it_began_goes_on_after_that()
    {
        await using var services = Build();
        var (stops, inbox) = (await GiveUpAStopAsync(services), new Inbox());
        var paused = await services.Broker().SubscribeAsync(OrdersConfiguration.Event, inbox.ReceiveAsync);
        await paused.PauseAsync().WaitAsync(PublishAndReceive.Deadline);

        var resuming = paused.ResumeAsync();
        Assert.False(resuming.IsCompleted);
        stops.SetResult();
        await resuming.WaitAsync(PublishAndReceive.Deadline);

        await services.Broker().PublishAsync(OrdersConfiguration.Event, 1);
        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task A_next_one_that_is_paused_before_it_began_has_nothing_that_its_own_stop_waits_for()
    {
        await using var services = Build();
        var stops = await GiveUpAStopAsync(services);
        var paused = await services.Broker().SubscribeAsync(OrdersConfiguration.Event, _ => Task.CompletedTask);
        await paused.PauseAsync().WaitAsync(PublishAndReceive.Deadline);

        await paused.StopAsync().WaitAsync(PublishAndReceive.Deadline);

        stops.SetResult();
    }

    [Fact]
    public async Task A_message_that_still_comes_returns_and_does_not_wait_for_the_next_one_that_is_paused()
    {
        await using var services = Build();
        var stops = await GiveUpAStopAsync(services);
        var paused = await services.Broker().SubscribeAsync(OrdersConfiguration.Event, _ => Task.CompletedTask);
        await paused.PauseAsync().WaitAsync(PublishAndReceive.Deadline);
        var transport = Transport(services);
        await services.Broker().PublishAsync(OrdersConfiguration.Event, 1);

        await transport.Returned.Task.WaitAsync(PublishAndReceive.Deadline);

        stops.SetResult();
    }

    [Fact]
    public async Task The_log_says_that_a_next_one_waits_for_the_stop_and_not_for_the_broker()
    {
        var logs = new CapturedLogs();
        await using var services = Build(logs);
        var stops = await GiveUpAStopAsync(services);
        // On a busy machine the first one has waited for the broker.
        var before = logs.Lines.Count;

        await services.Broker().SubscribeAsync(OrdersConfiguration.Event, _ => Task.CompletedTask);

        var lines = logs.Lines.Skip(before).ToArray();
        Assert.Contains(lines, x => x.Contains(
            "The subscription of my_product to sqsbroker:new-orders in dev waits until an earlier stop of its queue my_product-sqsbroker-new-orders-dev is complete, "
            + "whose time was up while callbacks ran; it begins by itself when they have ended", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, x => x.Contains("when the broker answers", StringComparison.Ordinal));
        stops.SetResult();
    }

    private static ServiceProvider Build(CapturedLogs? logs = null) => TestProvider.Build(
        With((Dev, """{ "Type": "BARE" }"""), ("SubscribeTimeout", "\"00:00:00.1\"")),
        x =>
        {
            x.AddTransport<SlowTransport>();
            if (logs is not null)
                x.Services.AddLogging(y => y.AddProvider(logs));
        });

    private static SlowTransport Transport(ServiceProvider services) => services.GetServices<IBrokerTransport>().OfType<SlowTransport>().Single();

    /// <summary>A subscription whose stop was given up, and what completes that stop.</summary>
    private static async Task<TaskCompletionSource> GiveUpAStopAsync(ServiceProvider services)
    {
        var subscription = await services.Broker().SubscribeAsync(OrdersConfiguration.Event, _ => Task.CompletedTask);
        await subscription.Ready.WaitAsync(PublishAndReceive.Deadline);
        await subscription.StopAsync(new CancellationToken(canceled: true)).WaitAsync(PublishAndReceive.Deadline);
        return Transport(services).Stops;
    }

    /// <summary>A transport whose endpoints stop when the test says so, whatever the token says.</summary>
    public sealed class SlowTransport : BareTransport
    {
        public TaskCompletionSource Stops { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>An endpoint has let go of a message that it has not handled.</summary>
        public TaskCompletionSource Returned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override TransportBus CreateBus(TransportSettings settings) => new SlowBus(this);

        private sealed class SlowBus(SlowTransport transport) : BareBus
        {
            public override void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
            {
                base.ConfigureEndpoint(endpoint, topology);
                endpoint.ConnectReceiveEndpointObserver(new StopObserver(transport));
                Bus.ConnectReceiveObserver(new MessageObserver(transport));
            }
        }

        private sealed class StopObserver(SlowTransport transport) : IReceiveEndpointObserver
        {
            public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

            public Task Stopping(ReceiveEndpointStopping stopping) => transport.Stops.Task;

            public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

            public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
        }

        private sealed class MessageObserver(SlowTransport transport) : IReceiveObserver
        {
            public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

            public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

            public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
                where T : class => Task.CompletedTask;

            public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
                where T : class => Task.CompletedTask;

            public Task ReceiveFault(ReceiveContext context, Exception exception)
            {
                transport.Returned.TrySetResult();
                return Task.CompletedTask;
            }
        }
    }
}
