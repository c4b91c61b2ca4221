using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Brokers of type HOST, where the application's own bus is on RabbitMQ.</summary>
public sealed class HostBusTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Fact]
    public async Task Events_travel_over_the_applications_bus()
    {
        using var host = Build(Node.Port);
        await host.StartAsync();
        var broker = host.Services.GetRequiredService<IMessageBroker>();
        var inbox = new Inbox();
        await broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await broker.PublishAsync(Created, """{ "kept" :  "as it was" }"""u8.ToArray());

        await inbox.HasAsync(1);
        Assert.Equal(["""{ "kept" :  "as it was" }"""], inbox.Bodies);
        await Node.ListAsync(ShopQueue, "list_queues", "name");
        await host.StopAsync();
    }

    [Fact]
    public async Task An_ephemeral_queue_goes_with_the_host()
    {
        string queue;
        using (var host = Build(Node.Port))
        {
            await host.StartAsync();
            queue = (await host.Services.GetRequiredService<IMessageBroker>().SubscribeAsync(Created, _ => Task.CompletedTask, ephemeral: true)).Queue;
            await Node.ListAsync(queue, "list_queues", "name");
            await host.StopAsync();
        }

        await Eventually.TrueAsync(async () => !(await Node.ControlAsync("list_queues", "name")).Contains(queue));
    }

    [Fact]
    public async Task The_host_starts_although_the_broker_of_the_applications_bus_is_down()
    {
        using var host = Build(RabbitMqNode.FreePort(), x => x.AddSubscriber<Shipments>());

        await host.StartAsync().WaitAsync(Eventually.Deadline);
    }

    [Fact]
    public async Task A_message_that_no_queue_would_get_is_refused_where_the_topic_says_so()
    {
        using var host = Build(Node.Port, x => x.Services.PostConfigure<DuctapeOptions>(
            options => options.Products["shop"].Brokers[BrokerTag].Topics["created"].OnUnroutable = OnUnroutable.Fail));
        await host.StartAsync();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => host.Services.GetRequiredService<IMessageBroker>().PublishAsync(Created, 1));

        Assert.StartsWith($"PUBLISH_FAILED: no queue is bound to {Entity} on HOST (the application's own MassTransit bus), so nobody would receive", error.Message);
        await host.StopAsync();
    }

    [Fact]
    public async Task On_the_applications_RabbitMQ_bus_a_redelivery_does_not_apply_and_nothing_is_lost()
    {
        // Its delayed delivery is a plugin's, and a server that does not have it closes the connection, again and
        // again.
        using var host = Build(Node.Port, x => x.Services.PostConfigure<DuctapeOptions>(options =>
        {
            var topic = options.Products["shop"].Brokers[BrokerTag].Topics["created"];
            (topic.Retry.Count, topic.Redelivery) = (0, [TimeSpan.FromSeconds(1)]);
        }));
        await host.StartAsync();
        var broker = host.Services.GetRequiredService<IMessageBroker>();
        var calls = 0;
        await broker.SubscribeAsync(Created, _ =>
        {
            Interlocked.Increment(ref calls);
            throw new InvalidOperationException("Never.");
        });

        await broker.PublishAsync(Created, 1);

        Assert.Single(await Fixture.TakeAsync($"{ShopQueue}_error", 1));
        Assert.Equal(1, calls);
        await host.StopAsync();
    }

    private IHost Build(int port, Action<IDuctapeMessageBrokerBuilder>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var json = ConformanceApp.Configuration(new JsonObject { ["Type"] = "HOST" }, null, BrokerTag);
        json["Ductape"]!["Products"]!["shop"]!["Brokers"]!["orders"] = json["Ductape"]!["Products"]!["shop"]!["Brokers"]![BrokerTag]!.DeepClone();
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString())));
        builder.Services.Configure<HostOptions>(x => x.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddMassTransit(x => x.UsingRabbitMq((_, bus) => bus.Host("127.0.0.1", (ushort)port, "/", _ => { })));
        var ductape = builder.Services.AddDuctapeMessageBroker();
        more?.Invoke(ductape);
        return builder.Build();
    }

    [Subscribe("orders:shipped")]
    public sealed class Shipments : ISubscriber<int>
    {
        public Task HandleAsync(int payload, ReceivedMessage message) => Task.CompletedTask;
    }
}
