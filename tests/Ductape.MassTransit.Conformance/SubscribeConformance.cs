using System.Collections.Concurrent;

namespace Ductape.MassTransit.Conformance;

/// <summary>Subscriptions: who receives what, and how they end.</summary>
public abstract class SubscribeConformance : MessageBrokerConformance
{
    [Fact]
    public async Task Every_product_and_every_named_subscription_gets_every_message()
    {
        var app = Start();
        var (shop, audit, billing) = (new Inbox(), new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync(Created, shop.ReceiveAsync);
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await app.Broker.SubscribeAsync(Created, billing.ReceiveAsync, product: "billing");

        await app.Broker.PublishAsync(Created, new { number = 1 });
        await app.Broker.PublishAsync(Created, new { number = 2 });

        foreach (var inbox in new[] { shop, audit, billing })
        {
            await inbox.HasAsync(2);
            Assert.Equal(["""{"number":1}""", """{"number":2}"""], inbox.Bodies.Order());
        }
    }

    [Fact]
    public async Task Topics_do_not_mix()
    {
        var app = Start();
        var (created, shipped) = (new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync(Created, created.ReceiveAsync);
        await app.Broker.SubscribeAsync(Shipped, shipped.ReceiveAsync);

        await app.Broker.PublishAsync(Created, "created");
        await app.Broker.PublishAsync(Shipped, "shipped");

        await created.HasAsync(1);
        await shipped.HasAsync(1);
        Assert.Equal(["\"created\""], created.Bodies);
        Assert.Equal(["\"shipped\""], shipped.Bodies);
    }

    [Fact]
    public async Task A_second_subscription_to_the_same_queue_is_refused()
    {
        var app = Start();
        await app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask);

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.SubscribeAsync(Created, _ => Task.CompletedTask));

        Assert.Equal(DuctapeErrorCodes.SubscriptionExists, error.Code);
        Assert.Contains("'input.subscription'", error.Message);
    }

    [Fact]
    public async Task What_is_published_between_two_subscriptions_waits_for_the_second()
    {
        var app = Start();
        var (first, second) = (new Inbox(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, first.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);
        await first.HasAsync(1);

        await subscription.StopAsync();
        await app.Broker.PublishAsync(Created, 2);
        await using var again = await app.Broker.SubscribeAsync(Created, second.ReceiveAsync);

        await second.HasAsync(1);
        Assert.Equal(["1"], first.Bodies);
        Assert.Equal(["2"], second.Bodies);
    }

    [Fact]
    public async Task An_ephemeral_subscription_keeps_nothing_while_it_is_away()
    {
        var app = Start();
        var (first, second, durable) = (new Inbox(), new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync(Created, durable.ReceiveAsync);
        var subscription = await app.Broker.SubscribeAsync(Created, first.ReceiveAsync, ephemeral: true);
        await app.Broker.PublishAsync(Created, 1);
        await first.HasAsync(1);

        await subscription.StopAsync();
        await app.Broker.PublishAsync(Created, 2);
        await durable.HasAsync(2);
        await using var again = await app.Broker.SubscribeAsync(Created, second.ReceiveAsync, ephemeral: true);
        await app.Broker.PublishAsync(Created, 3);

        await second.HasAsync(1);
        Assert.Equal(["1"], first.Bodies);
        Assert.Equal(["3"], second.Bodies);
        Assert.Equal(subscription.Queue, again.Queue);
    }

    [Fact]
    public async Task Two_ephemeral_subscriptions_at_once_each_get_every_message()
    {
        var app = Start();
        var (first, second) = (new Inbox(), new Inbox());
        await using var one = await app.Broker.SubscribeAsync(Created, first.ReceiveAsync, ephemeral: true);
        await using var two = await app.Broker.SubscribeAsync(Created, second.ReceiveAsync, ephemeral: true);

        await app.Broker.PublishAsync(Created, 1);

        await first.HasAsync(1);
        await second.HasAsync(1);
        Assert.NotEqual(one.Queue, two.Queue);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopping_waits_for_the_callback_in_flight(bool ephemeral)
    {
        var app = Start();
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var finished = false;
        var subscription = await app.Broker.SubscribeAsync(Created, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            finished = true;
        }, ephemeral: ephemeral);
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Eventually.Deadline);

        var stopping = subscription.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping.WaitAsync(Eventually.Deadline);

        Assert.True(finished);
    }

    [Fact]
    public async Task A_queue_can_be_subscribed_again_while_a_callback_of_an_abandoned_stop_still_runs()
    {
        Assert.SkipWhen(NoSubscriptionDuringStop is not null, NoSubscriptionDuringStop ?? "");
        var app = Start();
        var (entered, release, inbox) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, _ =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Eventually.Deadline);
        using var limit = new CancellationTokenSource();
        var stopping = subscription.StopAsync(limit.Token);
        Assert.False(stopping.IsCompleted);
        await limit.CancelAsync();
        await stopping.WaitAsync(Eventually.Deadline);

        var again = app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        release.SetResult();
        await again.WaitAsync(Eventually.Deadline);
        await app.Broker.PublishAsync(Created, 2);

        await Eventually.TrueAsync(() => inbox.Bodies.Contains("2"));
    }

    [Fact]
    public async Task The_token_of_a_second_stop_ends_the_wait_of_a_first_without_one()
    {
        var app = Start();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var subscription = await app.Broker.SubscribeAsync(Created, _ =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Eventually.Deadline);

        var first = subscription.StopAsync();
        using var limit = new CancellationTokenSource();
        var second = subscription.StopAsync(limit.Token);
        Assert.False(second.IsCompleted);
        await limit.CancelAsync();
        await second.WaitAsync(Eventually.Deadline);
        await first.WaitAsync(Eventually.Deadline);

        release.SetResult();
    }

    [Fact]
    public async Task Disposing_the_provider_waits_for_the_callback_in_flight()
    {
        var app = Start();
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var finished = false;
        await app.Broker.SubscribeAsync(Created, async _ =>
        {
            entered.TrySetResult();
            await release.Task;
            finished = true;
        });
        await app.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Eventually.Deadline);

        var disposing = app.DisposeAsync().AsTask();
        release.SetResult();
        await disposing.WaitAsync(Eventually.Deadline);

        Assert.True(finished);
    }

    [Fact]
    public async Task A_callback_that_fails_is_retried_and_then_the_message_goes_to_the_errors_whole()
    {
        var app = Start(topic: FastRetry(2));
        var attempts = new ConcurrentQueue<int>();
        await app.Broker.SubscribeAsync(Created, message =>
        {
            attempts.Enqueue(message.Attempt);
            throw new InvalidOperationException("The callback fails on purpose.");
        });

        await app.Broker.PublishAsync(Created, """{ "kept" :  "as it was" }"""u8.ToArray());

        Assert.Equal(["""{ "kept" :  "as it was" }"""], await ErrorsAsync(app, 1));
        Assert.Equal([1, 2, 3], attempts);
    }

    [Fact]
    public async Task A_callback_that_recovers_gets_the_message_again_and_no_error_remains()
    {
        var app = Start(topic: FastRetry(5));
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, message =>
            message.Attempt < 3 ? throw new InvalidOperationException("Not yet.") : inbox.ReceiveAsync(message));

        await app.Broker.PublishAsync(Created, 1);

        await inbox.HasAsync(1);
        Assert.Equal(3, inbox.Letters.Single().Attempt);
    }

    [Fact]
    public async Task A_payload_that_is_not_what_the_callback_reads_is_not_retried()
    {
        var app = Start(topic: FastRetry(5));
        var attempts = 0;
        await app.Broker.SubscribeAsync<Order>(Created, (_, _) => Task.CompletedTask, subscription: "other");
        await app.Broker.SubscribeAsync(Created, message =>
        {
            Interlocked.Increment(ref attempts);
            return Task.FromResult(message.As<Order>());
        });

        await app.Broker.PublishAsync(Created, new { number = "not a number" });

        Assert.Equal(["""{"number":"not a number"}"""], await ErrorsAsync(app, 1));
        Assert.Equal(1, attempts);
    }

    private sealed record Order(int Number);
}
