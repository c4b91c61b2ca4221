using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>A paused subscription leaves its messages to the broker.</summary>
public sealed class PauseTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private static readonly TimeSpan Deadline = Eventually.Deadline;

    [Fact]
    public async Task While_one_instance_is_paused_the_other_gets_the_messages()
    {
        var (one, two) = (Start(), Start());
        var (first, second) = (new Inbox(), new Inbox());
        var subscription = await one.Broker.SubscribeAsync(Created, first.ReceiveAsync);
        await two.Broker.SubscribeAsync(Created, second.ReceiveAsync);

        await subscription.PauseAsync().WaitAsync(Deadline);
        for (var i = 0; i < 20; i++)
            await one.Broker.PublishAsync(Created, i);

        await second.HasAsync(20);
        Assert.Equal(0, first.Count);
    }

    [Fact]
    public async Task Messages_that_were_pushed_ahead_return_to_the_queue()
    {
        var app = Start(new JsonObject { ["Concurrency"] = 1 });
        var (entered, release, inbox) = (new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        var subscription = await app.Broker.SubscribeAsync(Created, async message =>
        {
            entered.TrySetResult();
            await release.Task;
            await inbox.ReceiveAsync(message);
        });
        for (var i = 0; i < 10; i++)
            await app.Broker.PublishAsync(Created, i);
        await entered.Task.WaitAsync(Deadline);

        var pausing = subscription.PauseAsync();
        await Eventually.TrueAsync(async () => (await Node.ControlAsync("list_queues", "name", "consumers")).Contains($"{ShopQueue}\t0"));
        Assert.False(pausing.IsCompleted);
        release.SetResult();
        await pausing.WaitAsync(Deadline);

        Assert.Equal(1, inbox.Count);
        await Eventually.TrueAsync(async () =>
            (await Node.ControlAsync("list_queues", "name", "messages_ready", "messages_unacknowledged", "consumers")).Contains($"{ShopQueue}\t9\t0\t0"));
        await subscription.ResumeAsync().WaitAsync(Deadline);
        await inbox.HasAsync(10);
        Assert.Equal(Enumerable.Range(0, 10).Select(x => $"{x}"), inbox.Bodies.Order());
    }

    [Fact]
    public async Task A_queue_that_became_another_while_paused_refuses_the_resume_which_can_be_tried_again()
    {
        var app = Start();
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await subscription.PauseAsync().WaitAsync(Deadline);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(ShopQueue);
        await channel.QueueDeclareAsync(ShopQueue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-max-length"] = 10 });

        var error = await Assert.ThrowsAsync<DuctapeException>(() => subscription.ResumeAsync().WaitAsync(Deadline));
        Assert.Equal(DuctapeErrorCodes.SubscribeFailed, error.Code);
        Assert.Contains("PRECONDITION_FAILED", error.Message);
        var subscriptions = app.Services.GetRequiredService<ISubscriptions>();
        var refused = Assert.Single(subscriptions.List());
        Assert.Equal(SubscriptionState.Refused, refused.State);
        Assert.Contains("PRECONDITION_FAILED", refused.Reason);

        await channel.QueueDeleteAsync(ShopQueue);
        await subscriptions.ResumeAsync(subscription.Id).WaitAsync(Deadline);
        Assert.Equal(SubscriptionState.Receiving, Assert.Single(subscriptions.List()).State);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
    }
}
