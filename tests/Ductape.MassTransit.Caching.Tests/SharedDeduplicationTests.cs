using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Caching.Tests.Instances;

namespace Ductape.MassTransit.Caching.Tests;

public sealed class SharedDeduplicationTests(RedisFixture redis)
{
    private static readonly JsonObject Topic = new() { ["Deduplicate"] = "00:10:00", ["Concurrency"] = 1 };

    private const string Id = "8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10";

    [Fact]
    public async Task A_copy_that_reaches_another_instance_is_dropped()
    {
        await using var instances = new Instances(redis.Server, topic: Topic);
        var (one, other) = (instances.Start(), instances.Start());
        var (first, second) = (new Inbox(), new Inbox());
        await using var here = await one.Broker.SubscribeAsync(Event, first.ReceiveAsync);
        await using var there = await other.Broker.SubscribeAsync(Event, second.ReceiveAsync);
        await PublishAsync(one, "first");
        await first.HasAsync(1);
        // The first one's handling is remembered after its callback: its next message shows that it was.
        await one.Broker.PublishAsync(Event, "next");
        await first.HasAsync(2);

        await PublishAsync(other, "copy");
        await other.Broker.PublishAsync(Event, "another");

        await second.HasAsync(1);
        Assert.Equal(["\"another\""], second.Bodies);
    }

    [Fact]
    public async Task Messages_are_handled_while_Redis_is_down()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var instances = new Instances(server, topic: Topic);
        var (app, inbox) = (instances.Start(), new Inbox());
        await using var subscription = await app.Broker.SubscribeAsync(Event, inbox.ReceiveAsync);
        await server.KillAsync();

        await PublishAsync(app, "first");
        await inbox.HasAsync(1);
        await PublishAsync(app, "copy");
        await app.Broker.PublishAsync(Event, "another");

        await inbox.HasAsync(2);
        Assert.Equal(["\"first\"", "\"another\""], inbox.Bodies);
    }

    private static Task PublishAsync(ConformanceApp app, string message) => app.Broker.PublishAsync(new MessageBrokerPublishInput
    {
        Event = Event,
        Input = new PublishInput { Message = message, MessageId = Id },
    });
}
