using System.Text;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using MassTransit;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Peers that are not ours: plain MassTransit, and a bare AMQP client.</summary>
public sealed class InteropTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private const string Event = "interop:new-orders";
    private const string ExchangeName = "interop-new-orders-test";

    private static readonly Action<JsonObject> WithInteropBroker = ductape =>
    {
        foreach (var (_, product) in ductape["Products"]!.AsObject())
        {
            var brokers = product!["Brokers"]!.AsObject();
            var own = brokers.First().Value!.DeepClone();
            own["Topics"] = new JsonObject { ["new-orders"] = new JsonObject() };
            brokers["interop"] = own;
        }
    };

    [Fact]
    public async Task Plain_MassTransit_consumes_what_we_publish()
    {
        var received = new TaskCompletionSource<ConsumeContext<NewOrder>>();
        var bus = PlainBus(x => x.ReceiveEndpoint($"plain-{BrokerTag}", e => e.Handler<NewOrder>(context =>
        {
            received.TrySetResult(context);
            return Task.CompletedTask;
        })));
        await bus.StartAsync();
        try
        {
            var app = Start(configuration: WithInteropBroker);
            var result = await app.Broker.PublishAsync(
                Event, new { orderId = "12345", total = 19.99m }, headers: new Dictionary<string, object?> { ["tenant"] = "acme" });

            var context = await received.Task.WaitAsync(Eventually.Deadline);
            Assert.Equal(new NewOrder("12345", 19.99m), context.Message);
            Assert.Equal(result.MessageId, context.MessageId.ToString());
            Assert.Equal(result.ProcessId, context.CorrelationId);
            Assert.Equal("acme", context.Headers.Get<string>("tenant"));
            Assert.Equal(["urn:message:ductape:interop:new-orders"], context.SupportedMessageTypes);
            Assert.Equal(result.SentAt.UtcDateTime, context.SentTime);
            Assert.NotNull(context.SourceAddress);
            Assert.NotNull(context.DestinationAddress);
            // We do not say who sends beside the source address; to MassTransit that is an empty host.
            Assert.NotNull(context.Host);
            Assert.Null(context.Host.MachineName);
        }
        finally
        {
            await bus.StopAsync();
        }
    }

    [Fact]
    public async Task We_consume_what_plain_MassTransit_publishes()
    {
        var app = Start(configuration: WithInteropBroker);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Event, inbox.ReceiveAsync, ephemeral: true);
        var bus = PlainBus(_ => { });
        await bus.StartAsync();
        try
        {
            var id = NewId.NextGuid();
            await bus.Publish(new NewOrder("67890", 1.50m), x =>
            {
                x.MessageId = id;
                x.Headers.Set("tenant", "acme");
            });

            await Eventually.TrueAsync(() => inbox.Letters.Any(x => x.MessageId == id.ToString()));
            var letter = inbox.Letters.First(x => x.MessageId == id.ToString());
            Assert.Equal("67890", (string?)JsonNode.Parse(letter.Body)!["orderId"]);
            Assert.Equal("acme", letter.Headers["tenant"]);
        }
        finally
        {
            await bus.StopAsync();
        }
    }

    // Nulls kept or left out, host or none, ids with hyphens or without, properties in any order, in another case, of
    // other senders.
    [Theory]
    [InlineData("""{ "messageId": "0b020000-2105-aa1a-4c4b-08df498cbf5a", "requestId": null, "messageType": ["urn:message:Orders:INewOrder", "URN"], "message": { "orderId": "1" }, "headers": { "tenant": "acme" }, "host": { "machineName": "vm", "processId": 7 } }""")]
    [InlineData("""{"headers":{"tenant":"acme","on":true},"x":[{}],"message":{ "orderId": "1" },"messageType":["URN"],"messageId":"0b0200002105aa1a4c4b08df498cbf5a"}""")]
    [InlineData("""{"MessageId":"0b020000-2105-aa1a-4c4b-08df498cbf5a","MessageType":["URN"],"Message":{ "orderId": "1" },"Headers":{"tenant":"acme"}}""")]
    public async Task Our_callback_gets_the_envelopes_of_every_sender(string envelope)
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var body = Encoding.UTF8.GetBytes(envelope.Replace("URN", $"urn:message:ductape:{BrokerTag}:created", StringComparison.Ordinal));

        await channel.BasicPublishAsync(Entity, "", false, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, body);

        await inbox.HasAsync(1);
        var letter = inbox.Letters.Single();
        Assert.Equal("""{ "orderId": "1" }""", letter.Body);
        Assert.Equal("0b020000-2105-aa1a-4c4b-08df498cbf5a", letter.MessageId);
        Assert.Equal("acme", letter.Headers["tenant"]);
    }

    [Fact]
    public async Task What_fails_is_set_aside_byte_for_byte()
    {
        var app = Start(topic: new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 } });
        await app.Broker.SubscribeAsync(Created, _ => throw new InvalidOperationException("No."));
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var envelope = $$"""{ "message" : {"orderId":"1"}, "messageType":["urn:message:ductape:{{BrokerTag}}:created"] , "of": "another sender" }""";

        await channel.BasicPublishAsync(
            Entity, "", false, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, Encoding.UTF8.GetBytes(envelope));

        var moved = Assert.Single(await Fixture.TakeAsync($"{ShopQueue}_error", 1));
        Assert.Equal(envelope, Encoding.UTF8.GetString(moved.Body.Span));
        Assert.Equal("application/vnd.masstransit+json", moved.BasicProperties.ContentType);
    }

    [Fact]
    public async Task A_bare_client_reads_our_publish_as_the_bare_payload()
    {
        var app = Start(env: x => x["Format"] = "json");
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await app.Broker.PublishAsync(Created, new { orderId = "0" });
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, Entity, "");

        var result = await app.Broker.PublishAsync(Created, """{ "orderId" : "1" }"""u8.ToArray());

        BasicGetResult? message = null;
        await Eventually.TrueAsync(async () => (message = await channel.BasicGetAsync(queue, true)) is not null);
        Assert.Equal("""{ "orderId" : "1" }""", Encoding.UTF8.GetString(message!.Body.Span));
        Assert.Equal("application/json", message.BasicProperties.ContentType);
        Assert.Equal(result.MessageId.ToString(), message.BasicProperties.MessageId);
        Assert.Equal(result.ProcessId.ToString(), message.BasicProperties.CorrelationId);
        Assert.True(message.BasicProperties.Persistent);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData(null)]
    public async Task Our_callback_gets_what_a_bare_client_publishes(string? contentType)
    {
        var app = Start(env: x => x["Format"] = "json");
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var properties = new BasicProperties();
        if (contentType is not null)
            properties.ContentType = contentType;

        await channel.BasicPublishAsync(Entity, "", false, properties, """{"orderId":"1"}"""u8.ToArray());

        await inbox.HasAsync(1);
        var letter = inbox.Letters.Single();
        Assert.Equal("""{"orderId":"1"}""", letter.Body);
        Assert.Null(letter.MessageId);
        Assert.Null(letter.ProcessId);
    }

    [Fact]
    public async Task A_bare_client_may_use_message_ids_that_are_no_GUIDs()
    {
        var app = Start(env: x => x["Format"] = "json");
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();

        var properties = new BasicProperties { MessageId = "order-1", CorrelationId = "flow-1" };
        await channel.BasicPublishAsync(Entity, "", false, properties, "1"u8.ToArray());

        await inbox.HasAsync(1);
        Assert.Equal(("order-1", null), (inbox.Letters.Single().MessageId, inbox.Letters.Single().ProcessId));
    }

    [Fact]
    public async Task Header_names_of_a_peer_may_differ_by_case_only()
    {
        var app = Start(env: x => x["Format"] = "json");
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();

        var properties = new BasicProperties { Headers = new Dictionary<string, object?> { ["Tenant"] = "a", ["tenant"] = "a" } };
        await channel.BasicPublishAsync(Entity, "", false, properties, "1"u8.ToArray());

        await inbox.HasAsync(1);
        Assert.Equal("a", Assert.Single(inbox.Letters.Single().Headers, x => x.Key.Equals("tenant", StringComparison.OrdinalIgnoreCase)).Value);
    }

    private IBusControl PlainBus(Action<IRabbitMqBusFactoryConfigurator> configure) => Bus.Factory.CreateUsingRabbitMq(x =>
    {
        x.Host("127.0.0.1", (ushort)Node.Port, "/", h =>
        {
            h.Username("guest");
            h.Password("guest");
        });
        configure(x);
    });

    [MessageUrn("ductape:interop:new-orders")]
    [EntityName(ExchangeName)]
    public sealed record NewOrder(string OrderId, decimal Total);
}
