using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Caching;

public class ConcurrentPublishTests
{
    [Theory]
    [InlineData("orders-cache", null)]
    [InlineData(null, "order-1")]
    [InlineData("orders-cache", "order-1")]
    public async Task Concurrent_identical_publishes_send_once(string? cache, string? key)
    {
        await using var app = await GatedBroker.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.OnSend = _ => gate.Task;
        using var cancellation = new CancellationTokenSource();

        var publishing = Enumerable.Range(0, 50).Select(i => app.Broker.PublishAsync(
            Event, 1, cache: cache, idempotencyKey: key, cancellationToken: i % 2 == 0 ? cancellation.Token : default)).ToArray();
        await app.HasBegunAsync();
        Assert.DoesNotContain(publishing, x => x.IsCompleted);
        gate.SetResult();
        var results = await Task.WhenAll(publishing).WaitAsync(PublishAndReceive.Deadline);

        Assert.Equal(1, app.Sends);
        var first = Assert.Single(results, x => !x.Cached);
        Assert.All(results, x => Assert.Equal(first with { Cached = x.Cached }, x));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Cancelling_one_caller_does_not_cancel_the_others(int cancelled)
    {
        await using var app = await GatedBroker.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.OnSend = _ => gate.Task;
        CancellationTokenSource[] cancellations = [new(), new(), new()];
        var publishing = cancellations.Select(x => app.Broker.PublishAsync(Event, 1, cache: "orders-cache", cancellationToken: x.Token)).ToArray();
        await app.HasBegunAsync();

        await cancellations[cancelled].CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing[cancelled].WaitAsync(PublishAndReceive.Deadline));
        Assert.Equal(cancellations[cancelled].Token, exception.CancellationToken);
        gate.SetResult();
        var others = await Task.WhenAll(publishing.Where((_, i) => i != cancelled)).WaitAsync(PublishAndReceive.Deadline);
        Assert.Equal((1, 1), (app.Sends, others.Select(x => x.ProcessId).Distinct().Count()));
        Assert.True((await app.Broker.PublishAsync(Event, 1, cache: "orders-cache")).Cached);
    }

    [Fact]
    public async Task When_every_caller_has_given_up_nothing_is_kept()
    {
        await using var app = await GatedBroker.StartAsync();
        app.OnSend = _ => new TaskCompletionSource().Task;
        using var cancellation = new CancellationTokenSource();
        var publishing = Enumerable.Range(0, 3)
            .Select(_ => app.Broker.PublishAsync(Event, 1, cache: "orders-cache", cancellationToken: cancellation.Token)).ToArray();
        await app.HasBegunAsync();

        await cancellation.CancelAsync();

        foreach (var publish in publishing)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish.WaitAsync(PublishAndReceive.Deadline));
        app.OnSend = _ => Task.CompletedTask;
        Assert.False((await app.Broker.PublishAsync(Event, 1, cache: "orders-cache").WaitAsync(PublishAndReceive.Deadline)).Cached);
    }

    [Theory]
    [InlineData("orders-cache", null)]
    [InlineData(null, "order-1")]
    [InlineData("orders-cache", "order-1")]
    public async Task A_publish_that_fails_is_not_kept_and_whoever_waited_for_it_gets_the_failure(string? cache, string? key)
    {
        await using var app = await GatedBroker.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.OnSend = _ => gate.Task;
        var publishing = Enumerable.Range(0, 10).Select(_ => app.Broker.PublishAsync(Event, 1, cache: cache, idempotencyKey: key)).ToArray();
        await app.HasBegunAsync();

        gate.SetException(new InvalidOperationException("the disk is full"));

        foreach (var publish in publishing)
        {
            var exception = await Assert.ThrowsAsync<DuctapeException>(() => publish.WaitAsync(PublishAndReceive.Deadline));
            Assert.Equal(DuctapeErrorCodes.PublishFailed, exception.Code);
            Assert.Contains("the disk is full", exception.Message, StringComparison.Ordinal);
        }

        app.OnSend = _ => Task.CompletedTask;
        Assert.False((await app.Broker.PublishAsync(Event, 1, cache: cache, idempotencyKey: key)).Cached);
        Assert.True((await app.Broker.PublishAsync(Event, 1, cache: cache, idempotencyKey: key)).Cached);
    }

    [Fact]
    public async Task Another_message_under_the_key_of_a_publish_under_way_is_refused()
    {
        await using var app = await GatedBroker.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.OnSend = _ => gate.Task;
        var first = app.Broker.PublishAsync(Event, 1, idempotencyKey: "order-1");
        await app.HasBegunAsync();

        var second = app.Broker.PublishAsync(Event, 2, idempotencyKey: "order-1");
        gate.SetResult();

        Assert.False((await first).Cached);
        Assert.Equal(DuctapeErrorCodes.InvalidInput, (await Assert.ThrowsAsync<DuctapeException>(() => second)).Code);
        Assert.Equal(1, app.Sends);
    }

    [Fact]
    public async Task A_caller_that_has_given_up_may_use_its_buffer_again()
    {
        await using var app = await GatedBroker.StartAsync();
        var inbox = new Conformance.Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(Event, inbox.ReceiveAsync);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.OnSend = _ => gate.Task;
        using var cancellation = new CancellationTokenSource();
        var buffer = "[1,2]"u8.ToArray();
        var first = app.Broker.PublishAsync(Event, buffer, cache: "orders-cache", cancellationToken: cancellation.Token);
        await app.HasBegunAsync();
        var second = app.Broker.PublishAsync(Event, new[] { 1, 2 }, cache: "orders-cache");

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        "[9,9]"u8.CopyTo(buffer);
        gate.SetResult();

        await second;
        await inbox.HasAsync(1);
        Assert.Equal("[1,2]", inbox.Bodies[0]);
    }

    [Fact]
    public async Task The_trace_of_the_caller_goes_along()
    {
        await using var app = await GatedBroker.StartAsync();
        ActivityTraceId? trace = null;
        app.OnSend = _ =>
        {
            trace = Activity.Current?.TraceId;
            return Task.CompletedTask;
        };
        using var cancellation = new CancellationTokenSource();
        using var activity = new Activity("checkout").SetIdFormat(ActivityIdFormat.W3C).Start();

        await app.Broker.PublishAsync(Event, 1, cache: "orders-cache", cancellationToken: cancellation.Token);

        Assert.Equal(activity.TraceId, trace);
    }

    [Theory]
    [InlineData("orders-cache", null)]
    [InlineData(null, "order-1")]
    public async Task A_publish_that_a_transaction_may_roll_back_is_not_kept(string? cache, string? key)
    {
        await using var app = await GatedBroker.StartAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var broker = scope.ServiceProvider.GetRequiredService<IScopedMessageBroker>();

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => broker.PublishAsync(Event, 1, cache: cache, idempotencyKey: key));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, exception.Code);
        Assert.Contains("Publish through IMessageBroker", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, app.Sends);
        Assert.False((await broker.PublishAsync(Event, 1)).Cached);
    }
}
