using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Tests.Topics;

/// <summary>What a callback may do with MassTransit's own context of its message, on the application's bus.</summary>
public class ConsumeContextTests
{
    private static readonly Uri Elsewhere = new("queue:elsewhere");

    [Fact]
    public async Task A_message_can_be_forwarded_with_all_that_it_carries()
    {
        var (arrived, sent) = await ForwardAsync(message =>
            message.ConsumeContext.TryGetMessage<Order>(out var order) ? order.Forward(Elsewhere) : Task.CompletedTask);

        Assert.Equal("12345", arrived.Message.OrderId);
        Assert.Equal((sent.MessageId, sent.ProcessId), (arrived.MessageId.ToString(), arrived.CorrelationId));
        Assert.Equal("acme", arrived.Headers.Get<string>("tenant"));
        Assert.Equal(3, arrived.Headers.Get<int>("attempt"));
    }

    [Fact]
    public async Task A_message_can_be_forwarded_with_changes()
    {
        var (arrived, _) = await ForwardAsync(async message =>
        {
            var endpoint = await message.ConsumeContext.GetSendEndpoint(Elsewhere);
            await endpoint.Send(new Order("changed"), context =>
                context.Serializer = message.ConsumeContext.SerializerContext.GetMessageSerializer(new Order("changed"), [MessageUrn.ForTypeString<Order>()]));
        });

        Assert.Equal("changed", arrived.Message.OrderId);
        Assert.Equal("acme", arrived.Headers.Get<string>("tenant"));
    }

    [Fact]
    public async Task A_request_of_plain_MassTransit_is_answered()
    {
        using var host = await StartAsync();
        await host.Services.Broker().SubscribeAsync(
            OrdersConfiguration.Event, message => message.ConsumeContext.RespondAsync(new Accepted(message.As<Order>().OrderId)));
        var client = host.Services.GetRequiredService<IBus>().CreateRequestClient<Order>();

        var response = await client.GetResponse<Accepted>(new Order("12345"));

        Assert.Equal("12345", response.Message.OrderId);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_response_that_is_not_awaited_is_sent_before_the_message_is_done()
    {
        using var host = await StartAsync();
        await host.Services.Broker().SubscribeAsync(OrdersConfiguration.Event, message =>
        {
            message.ConsumeContext.Respond(new Accepted(message.As<Order>().OrderId));
            return Task.CompletedTask;
        });
        var client = host.Services.GetRequiredService<IBus>().CreateRequestClient<Order>();

        Assert.Equal("12345", (await client.GetResponse<Accepted>(new Order("12345"))).Message.OrderId);
        await host.StopAsync();
    }

    [Fact]
    public async Task The_context_reads_the_message_as_what_its_types_say()
    {
        using var host = await StartAsync();
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await host.Services.Broker().SubscribeAsync(OrdersConfiguration.Event, message =>
        {
            var context = message.ConsumeContext;
            var parts = new object?[]
            {
                context.HasMessageType(typeof(Order)), context.HasMessageType(typeof(Accepted)),
                context.TryGetMessage<Order>(out var order), order?.Message.OrderId,
                context.TryGetMessage<JsonObject>(out var json), (string?)json?.Message["orderId"],
                context.TryGetMessage<Accepted>(out _),
                string.Join(",", context.SupportedMessageTypes), context.Host is not null,
            };
            seen.TrySetResult(string.Join(" ", parts));
            return Task.CompletedTask;
        });

        await host.Services.Broker().PublishAsync(OrdersConfiguration.Event, new Order("12345"));

        Assert.Equal("True False True 12345 True 12345 False urn:message:ductape:sqsbroker:new-orders True",
            await seen.Task.WaitAsync(PublishAndReceive.Deadline));
        await host.StopAsync();
    }

    [Fact]
    public async Task Our_envelope_is_at_most_six_tenths_of_MassTransits()
    {
        using var host = await StartAsync();
        var sizes = Channel.CreateUnbounded<long?>();
        await host.Services.Broker().SubscribeAsync(
            OrdersConfiguration.Event, message => sizes.Writer.WriteAsync(message.ConsumeContext.ReceiveContext.Body.Length).AsTask());

        await host.Services.Broker().PublishAsync(OrdersConfiguration.Event, new Order("12345"));
        var ours = await sizes.Reader.ReadAsync().AsTask().WaitAsync(PublishAndReceive.Deadline);
        await host.Services.GetRequiredService<IBus>().Publish(new Order("12345"));
        var plain = await sizes.Reader.ReadAsync().AsTask().WaitAsync(PublishAndReceive.Deadline);

        Assert.InRange(ours!.Value, 1, plain!.Value * 6 / 10);
        await host.StopAsync();
    }

    [Fact]
    public async Task An_options_object_without_reflection_writes_and_reads()
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = GeneratedJson.Default };

        Assert.Equal(new Order("12345"), await PublishAndReceive.ReadAsync(new Order("12345"), x => x.As<Order>(), options));
        await Assert.ThrowsAsync<DuctapeException>(() => PublishAndReceive.BodyAsync(new { orderId = "12345" }, options));
    }

    [Fact]
    public async Task The_payload_may_be_kept_after_the_callback()
    {
        var body = await PublishAndReceive.ReadAsync(new Order("12345"), x => x.Body);
        await PublishAndReceive.ReadAsync(new Order("67890"), x => x.Body);

        Assert.Equal("""{"orderId":"12345"}""", System.Text.Encoding.UTF8.GetString(body.Span));
    }

    private static async Task<(ConsumeContext<Order> Arrived, PublishResult Sent)> ForwardAsync(Func<ReceivedMessage, Task> forward)
    {
        using var host = await StartAsync();
        var arrived = new TaskCompletionSource<ConsumeContext<Order>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await host.Services.GetRequiredService<IBus>().ConnectReceiveEndpoint("elsewhere", x =>
        {
            x.ConfigureConsumeTopology = false;
            x.Handler<Order>(context =>
            {
                arrived.TrySetResult(context);
                return Task.CompletedTask;
            });
        }).Ready;
        await host.Services.Broker().SubscribeAsync(OrdersConfiguration.Event, forward);
        var sent = await host.Services.Broker().PublishAsync(
            OrdersConfiguration.Event, new Order("12345"), headers: new Dictionary<string, object?> { ["tenant"] = "acme", ["attempt"] = 3 });
        var context = await arrived.Task.WaitAsync(PublishAndReceive.Deadline);
        await host.StopAsync();
        return (context, sent);
    }

    private static async Task<IHost> StartAsync()
    {
        var host = TestHost.Build(OrdersConfiguration.With((OrdersConfiguration.Dev, """{ "Type": "HOST" }""")),
            x => x.Services.AddMassTransit(bus => bus.UsingInMemory()));
        await host.StartAsync();
        return host;
    }

    [MessageUrn("ductape:sqsbroker:new-orders")]
    [EntityName("sqsbroker-new-orders-dev")]
    public sealed record Order(string OrderId);

    public sealed record Accepted(string OrderId);
}

[JsonSerializable(typeof(ConsumeContextTests.Order))]
internal sealed partial class GeneratedJson : JsonSerializerContext;
