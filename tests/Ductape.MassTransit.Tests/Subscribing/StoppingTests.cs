using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

public class StoppingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_waits_for_the_callback_in_flight(bool ephemeral)
    {
        await using var services = TestProvider.Build();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var finished = 0;
        var subscription = await services.Broker().SubscribeAsync(Event, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            Interlocked.Increment(ref finished);
        }, ephemeral: ephemeral);
        await services.Broker().PublishAsync(Event, 1);
        await entered.Task.WaitAsync(PublishAndReceive.Deadline);

        var stopping = subscription.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping.WaitAsync(PublishAndReceive.Deadline);

        Assert.Equal(1, finished);
    }

    [Fact]
    public async Task Disposing_the_provider_waits_for_the_callback_in_flight()
    {
        var services = TestProvider.Build();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var finished = 0;
        await services.Broker().SubscribeAsync(Event, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            Interlocked.Increment(ref finished);
        });
        await services.Broker().PublishAsync(Event, 1);
        await entered.Task.WaitAsync(PublishAndReceive.Deadline);

        var disposing = services.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        release.SetResult();
        await disposing.WaitAsync(PublishAndReceive.Deadline);

        Assert.Equal(1, finished);
    }

    [Fact]
    public async Task A_callback_in_flight_can_still_publish_while_everything_stops()
    {
        var services = TestProvider.Build(With(($"{Broker}:Topics:confirmations:Subscribers", """["my_product"]""")));
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var confirmed = new TaskCompletionSource<PublishResult>();
        var broker = services.Broker();
        await broker.SubscribeAsync(Event, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            confirmed.TrySetResult(await broker.PublishAsync("sqsbroker:confirmations", "done"));
        });
        await broker.PublishAsync(Event, 1);
        await entered.Task.WaitAsync(PublishAndReceive.Deadline);

        var disposing = services.DisposeAsync().AsTask();
        release.SetResult();
        await disposing.WaitAsync(PublishAndReceive.Deadline);

        Assert.True((await confirmed.Task.WaitAsync(PublishAndReceive.Deadline)).Success);
    }

    [Fact]
    public async Task Stopping_and_disposing_again_does_nothing()
    {
        await using var services = TestProvider.Build();
        var subscription = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);

        await subscription.StopAsync();
        await subscription.StopAsync();
        await subscription.DisposeAsync();
        await subscription.DisposeAsync();

        await using var next = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);
        Assert.Equal(subscription.Queue, next.Queue);
    }

    [Fact]
    public async Task An_old_subscription_that_is_disposed_late_leaves_the_new_one_alone()
    {
        await using var services = TestProvider.Build();
        var old = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);
        await old.StopAsync();
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        await old.DisposeAsync();
        await services.Broker().PublishAsync(Event, 1);

        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task A_second_stop_waits_for_the_first()
    {
        await using var services = TestProvider.Build();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var subscription = await services.Broker().SubscribeAsync(Event, _ =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        await services.Broker().PublishAsync(Event, 1);
        await entered.Task.WaitAsync(PublishAndReceive.Deadline);

        var first = subscription.StopAsync();
        var second = subscription.StopAsync();
        Assert.False(second.IsCompleted);
        release.SetResult();

        await Task.WhenAll(first, second).WaitAsync(PublishAndReceive.Deadline);
    }

    [Fact]
    public async Task A_stop_that_is_given_up_does_not_wait_for_the_callback()
    {
        await using var services = TestProvider.Build();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var subscription = await services.Broker().SubscribeAsync(Event, _ =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        await services.Broker().PublishAsync(Event, 1);
        await entered.Task.WaitAsync(PublishAndReceive.Deadline);
        using var limit = new CancellationTokenSource();

        try
        {
            var stopping = subscription.StopAsync(limit.Token);
            Assert.False(stopping.IsCompleted);
            await limit.CancelAsync();
            // Whether giving up throws is not the point; that it ends is.
            await Task.WhenAny(stopping).WaitAsync(PublishAndReceive.Deadline);
        }
        finally
        {
            release.SetResult();
        }

        await services.DisposeAsync().AsTask().WaitAsync(PublishAndReceive.Deadline);
    }
}
