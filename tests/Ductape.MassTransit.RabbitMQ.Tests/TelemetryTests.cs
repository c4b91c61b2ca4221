using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Ductape.MassTransit.Conformance;
using MassTransit.Logging;
using MassTransit.Monitoring;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>MassTransit's own traces and metrics of publishes, which go a shorter way where nobody listens.</summary>
[Collection(Alone.Name)]
public sealed class TelemetryTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    // MassTransit takes the first meter of the process, and another test's ends with its host.
    [ModuleInitializer]
    internal static void UseInstrumentation()
    {
        var options = new InstrumentationOptions();
        new ConfigureDefaultInstrumentationOptions().Configure(options);
        LogContextInstrumentationExtensions.TryConfigure(options);
    }

    [Fact]
    public async Task A_trace_that_somebody_listens_to_only_later_goes_from_the_publish_to_the_subscriber()
    {
        var inbox = new Inbox();
        var app = Start();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        for (var i = 0; i < 3; i++)
            await app.Broker.PublishAsync(Created, i);
        await inbox.HasAsync(3);

        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = x => x.Name == DiagnosticHeaders.DefaultListenerName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await app.Broker.PublishAsync(Created, 3);

        await inbox.HasAsync(4);
        await Eventually.TrueAsync(() => activities.Any(x => x.OperationName == $"{ShopQueue} receive"));
        var send = Assert.Single(activities, x => x.OperationName == $"{Entity} send");
        var receive = Assert.Single(activities, x => x.OperationName == $"{ShopQueue} receive");
        Assert.Equal(send.SpanId, receive.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Ok, send.Status);
    }

    [Fact]
    public async Task A_message_without_a_trace_goes_on_in_the_trace_of_the_client_that_received_it()
    {
        var inbox = new Inbox();
        var app = Start();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var (activities, deliveries) = (new ConcurrentQueue<Activity>(), new ConcurrentQueue<Activity>());
        using var listener = new ActivityListener
        {
            ShouldListenTo = x => x.Name is DiagnosticHeaders.DefaultListenerName or RabbitMQActivitySource.SubscriberSourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = x => (x.Source.Name == DiagnosticHeaders.DefaultListenerName ? activities : deliveries).Enqueue(x),
        };
        ActivitySource.AddActivityListener(listener);

        for (var i = 0; i < 20; i++)
        {
            await channel.BasicPublishAsync(Entity, "", false, new BasicProperties { ContentType = "application/vnd.masstransit+json" },
                (byte[])[.. """{ "message": { "number": 1 }, "messageType": ["urn:message:Some:Type"] }"""u8]);
        }

        await Eventually.TrueAsync(() => activities.Count(x => x.OperationName == $"{ShopQueue} receive") == 20);
        Assert.All(activities.Where(x => x.OperationName == $"{ShopQueue} receive"), x => Assert.Single(deliveries, y => y.SpanId == x.ParentSpanId));
    }

    [Fact]
    public async Task Publishes_are_counted_and_so_are_those_that_the_broker_refuses()
    {
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, x) =>
            {
                if (instrument.Meter.Name == InstrumentationOptions.MeterName)
                    x.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag.Value is string text && text.Contains(BrokerTag, StringComparison.Ordinal) && !text.Contains(ShopQueue, StringComparison.Ordinal))
                {
                    counted.AddOrUpdate(instrument.Name, value, (_, before) => before + value);
                    return;
                }
            }
        });
        listener.Start();
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Entity, "fanout", durable: true);
        await channel.QueueDeclareAsync($"{Entity}-full", durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-max-length"] = 3, ["x-overflow"] = "reject-publish" });
        await channel.QueueBindAsync($"{Entity}-full", Entity, "");
        var app = Start();

        for (var i = 0; i < 3; i++)
            await app.Broker.PublishAsync(Created, i);
        await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, 3));

        Assert.Equal(4, counted["messaging.masstransit.send"]);
        Assert.Equal(1, counted["messaging.masstransit.send.errors"]);
    }
}
