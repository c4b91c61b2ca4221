using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Hosting;

public class ShutdownTests
{
    [Fact]
    public async Task A_host_stops_within_its_timeout_although_a_callback_hangs()
    {
        var host = TestHost.Build(more: x => x.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(200)));
        await host.StartAsync();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await host.Services.Broker().SubscribeAsync(Event, _ =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        await host.Services.Broker().PublishAsync(Event, 1);
        await entered.Task.WaitAsync(PublishAndReceive.Deadline);

        try
        {
            // Whether giving up throws is the host's business; that it ends is ours.
            await Task.WhenAny(host.StopAsync()).WaitAsync(PublishAndReceive.Deadline);
        }
        finally
        {
            release.SetResult();
        }

        await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(PublishAndReceive.Deadline);
    }

    [Fact]
    public async Task A_host_waits_for_the_callback_in_flight()
    {
        using var host = TestHost.Build();
        await host.StartAsync();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var finished = 0;
        await host.Services.Broker().SubscribeAsync(Event, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            Interlocked.Increment(ref finished);
        });
        await host.Services.Broker().PublishAsync(Event, 1);
        await entered.Task.WaitAsync(PublishAndReceive.Deadline);

        var stopping = host.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping.WaitAsync(PublishAndReceive.Deadline);

        Assert.Equal(1, finished);
    }
}
