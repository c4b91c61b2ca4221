using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>Publishes that the client cannot write, since the network takes nothing and its buffers are full.</summary>
public sealed class StuckWriteTests : OutageTest
{
    private const string Entity = "orders-created-test";

    // More than the sockets and the client hold.
    private static readonly string Payload = new('x', 128 * 1024);

    [Fact]
    public async Task A_message_that_the_client_does_not_have_yet_is_taken_back_when_its_publish_is_cancelled()
    {
        await using var proxy = new TcpProxy(Node.Port);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity);
        var app = Start(proxy.Port);
        var first = await app.Broker.PublishAsync(Created, "declares");
        using var cancellation = new CancellationTokenSource();

        proxy.Pause();
        var published = Enumerable.Range(0, 300).Select(_ => app.Broker.PublishAsync(Created, Payload)).ToArray();
        var cancelled = Enumerable.Range(0, 50).Select(_ => app.Broker.PublishAsync(Created, Payload, cancellationToken: cancellation.Token)).ToArray();
        await cancellation.CancelAsync();
        foreach (var publish in cancelled)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish);
        proxy.Resume();

        var results = await Task.WhenAll(published);
        Assert.Equal(results.Append(first).Ids(), await channel.TakeIdsAsync(Entity));
    }

    [Fact]
    public async Task What_is_stuck_when_the_connection_is_given_up_is_published_on_the_next_one()
    {
        await using var proxy = new TcpProxy(Node.Port);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.DeclareQueueOfAsync(Entity);
        var app = Start(proxy.Port, x => x["PublishTimeout"] = "00:01:00");
        await app.Broker.PublishAsync(Created, "declares");
        await app.Broker.PublishAsync(Shipped, "declares");

        proxy.Strand();
        var published = Enumerable.Range(0, 300).Select(_ => app.Broker.PublishAsync(Created, Payload)).ToArray();
        var behind = app.Broker.PublishAsync(Shipped, "on a channel behind the one that is stuck");

        await behind.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        var results = await Task.WhenAll(published).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        Assert.Empty(results.Ids().Except(await channel.TakeIdsAsync(Entity)));
    }
}
