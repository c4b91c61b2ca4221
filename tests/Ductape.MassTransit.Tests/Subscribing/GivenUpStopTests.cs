using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Connections;
using Ductape.MassTransit.Transports;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
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

    private static ServiceProvider Build() => TestProvider.Build(
        With((Dev, """{ "Type": "BARE" }"""), ("SubscribeTimeout", "\"00:00:00.1\"")), x => x.AddTransport<SlowTransport>());

    /// <summary>A subscription whose stop was given up, and what completes that stop.</summary>
    private static async Task<TaskCompletionSource> GiveUpAStopAsync(ServiceProvider services)
    {
        var subscription = await services.Broker().SubscribeAsync(OrdersConfiguration.Event, _ => Task.CompletedTask);
        await subscription.Ready.WaitAsync(PublishAndReceive.Deadline);
        await subscription.StopAsync(new CancellationToken(canceled: true)).WaitAsync(PublishAndReceive.Deadline);
        return services.GetServices<IBrokerTransport>().OfType<SlowTransport>().Single().Stops;
    }

    /// <summary>A transport whose endpoints stop when the test says so, whatever the token says.</summary>
    public sealed class SlowTransport : BareTransport
    {
        public TaskCompletionSource Stops { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override TransportBus CreateBus(TransportSettings settings) => new SlowBus(Stops.Task);

        private sealed class SlowBus(Task stops) : BareBus
        {
            public override void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
            {
                base.ConfigureEndpoint(endpoint, topology);
                endpoint.ConnectReceiveEndpointObserver(new StopObserver(stops));
            }
        }

        private sealed class StopObserver(Task stops) : IReceiveEndpointObserver
        {
            public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

            public Task Stopping(ReceiveEndpointStopping stopping) => stops;

            public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

            public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
        }
    }
}
