using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Ductape.MassTransit.Schemas;
using Ductape.MassTransit.Topics;
using MassTransit.InMemoryTransport;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>The parts of a message's way that are this library's own, and MassTransit's in the same place.</summary>
public class MicroBenchmarks
{
    private static readonly Order TheOrder = Order.Numbered(12345);

    private readonly TopicContract _contract = TopicContract.Get(EventName.Parse(DuctapeBroker.EventOf("new-orders")), "sqsbroker-new-orders-bench");
    private readonly SystemTextJsonMessageSerializer _plain = new();
    private InMemorySendContext<TopicMessage> _context = null!;
    private InMemorySendContext<Order> _plainContext = null!;
    private ServiceProvider _services = null!;
    private IBrokerCatalog _catalog = null!;
    private ReadOnlyMemory<byte> _payload;
    private IMessageSchema _sample = null!;
    private IMessageSchema _schema = null!;

    [GlobalSetup]
    public void Start()
    {
        _context = Context(_contract.CreateMessage(JsonSerializer.SerializeToUtf8Bytes(TheOrder, JsonSerializerOptions.Web)), _contract.Urn);
        _plainContext = Context(TheOrder, MessageUrn.ForTypeString<Order>());
        _services = DuctapeBroker.InMemory(new() { ["new-orders"] = DuctapeBroker.Topic(false) });
        _catalog = _services.GetRequiredService<IBrokerCatalog>();
        _payload = JsonSerializer.SerializeToUtf8Bytes(TheOrder, JsonSerializerOptions.Web);
        _sample = new SampleReader().Read(JsonNode.Parse(_payload.Span));
        using var schemas = new ServiceCollection().AddDuctapeMessageBroker().AddJsonSchema().Services.BuildServiceProvider();
        _schema = schemas.GetRequiredService<IMessageSchemaReader>().Read(JsonNode.Parse(
            """
            {
              "type": "object", "required": ["orderId", "customer"],
              "properties": {
                "orderId": { "type": "string", "minLength": 1 }, "status": { "enum": ["pending", "paid"] },
                "customer": { "type": "object", "required": ["email"], "properties": { "email": { "type": "string", "format": "email" } } }
              }
            }
            """)!);
    }

    [GlobalCleanup]
    public void Stop() => _services.Dispose();

    [Benchmark(Description = "route lookup")]
    public object RouteLookup() => _catalog.FetchRoute("sqsbroker:new-orders", "my_product", "bench");

    [Benchmark(Description = "envelope of the order: write and read")]
    public object Envelope()
    {
        var bytes = TopicEnvelopeSerializer.Instance.GetMessageBody(_context).GetBytes();
        var read = (TopicSerializerContext)_contract.Deserializer.Deserialize(new BytesMessageBody(bytes), null!, null);
        return _contract.CreateMessage(read.Payload);
    }

    [Benchmark(Description = "the order itself: write and read")]
    public object? Payload() =>
        _contract.CreateMessage(JsonSerializer.SerializeToUtf8Bytes(TheOrder, JsonSerializerOptions.Web)).As<Order>();

    [Benchmark(Description = "envelope and order: write and read, plain MassTransit")]
    public object? PlainEnvelope()
    {
        var bytes = _plain.GetMessageBody(_plainContext).GetBytes();
        var read = _plain.Deserialize(new BytesMessageBody(bytes), null!, null);
        return read.TryGetMessage<Order>(out var order) ? order : null;
    }

    [Benchmark(Description = "the order against a sample")]
    public string? AgainstSample() => _sample.Differences(_payload);

    [Benchmark(Description = "the order against a schema")]
    public string? AgainstSchema() => _schema.Differences(_payload);

    private static InMemorySendContext<T> Context<T>(T message, string type)
        where T : class => new(message)
        {
            MessageId = Guid.Empty,
            CorrelationId = Guid.Empty,
            ConversationId = Guid.Empty,
            SourceAddress = new Uri("loopback://localhost/machine_process_bus_bcbyyybbysibirosbdxwudf9y5?temporary=true"),
            DestinationAddress = new Uri("loopback://localhost/sqsbroker-new-orders-bench"),
            SupportedMessageTypes = [type],
        };
}
