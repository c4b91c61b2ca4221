using System.Collections.Concurrent;
using Ductape.MassTransit.Conformance;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Subscribing;

/// <summary>What a plain MassTransit service on the same bus writes into the headers that this library reads.</summary>
public class ForeignHeaderTests
{
    [Theory]
    [InlineData("garbage")]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(long.MaxValue)]
    [InlineData(0.5)]
    [InlineData(true)]
    [InlineData("{\"a\":1}")]
    public async Task Counts_that_no_delivery_has_count_as_none(object value)
    {
        var calls = new ConcurrentQueue<(int, int, int)>();
        using var host = TestHost.Build(
            OrdersConfiguration.With((OrdersConfiguration.Dev, """{ "Type": "HOST" }"""),
                (OrdersConfiguration.Topic, """{ "Retry": { "Count": 0 }, "Redelivery": [ "00:00:01" ] }""")),
            x => x.Services.AddMassTransit(bus => bus.UsingInMemory()));
        await host.StartAsync().WaitAsync(PublishAndReceive.Deadline);
        var subscription = await host.Services.Broker().SubscribeAsync(OrdersConfiguration.Event, message =>
        {
            calls.Enqueue((message.Attempt, message.Redeliveries, message.Replays));
            throw new InvalidOperationException("Never.");
        });

        await host.Services.GetRequiredService<IBus>().Publish(new PlainOrder("1"), x =>
        {
            foreach (var name in (string[])["ductape-attempts", "MT-Redelivery-Count", "ductape-replay-count", "ductape-partition-key", "ductape-session-tag"])
                x.Headers.Set(name, value);
        });

        await Eventually.TrueAsync(() => calls.Count >= 2);
        Assert.Equal([(1, 0, 0), (2, 1, 0)], calls);
        await subscription.StopAsync();
        await host.StopAsync();
    }

    [MessageUrn("ductape:sqsbroker:new-orders")]
    [EntityName("sqsbroker-new-orders-dev")]
    public sealed record PlainOrder(string OrderId);
}
