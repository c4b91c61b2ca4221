using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

public class BrokerTypeTests
{
    private const string Supported = "Supported: IN_MEMORY, RABBITMQ, AWS_SQS, AZURE_SERVICE_BUS, HOST.";

    [Theory]
    [InlineData("KAFKA")]
    [InlineData("REDIS")]
    [InlineData("GOOGLE_PUBSUB")]
    [InlineData("NATS")]
    public void A_type_that_only_Ductape_knows_stops_start_up_in_the_environment_in_use(string type) =>
        Assert.Equal(
            [$"Ductape:{Dev}:Type: BROKER_TYPE_NOT_SUPPORTED: the broker type '{type}' is one of Ductape's, but not supported by this library. {Supported}"],
            StartUp.Problems(With(($"{Dev}:Type", $"\"{type}\""))));

    [Theory]
    [InlineData("KAFKA")]
    [InlineData("REDIS")]
    [InlineData("GOOGLE_PUBSUB")]
    [InlineData("NATS")]
    public async Task Elsewhere_it_is_answered_when_it_is_published_to(string type)
    {
        await using var services = TestProvider.Build(With((Stg, $$"""{ "Type": "{{type}}", "Config": { "brokers": ["a", "b"] } }""")));
        Assert.True((await services.Broker().PublishAsync(Event, new { orderId = "1" })).Success);

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, new { orderId = "1" }, env: "stg"));

        Assert.Equal(DuctapeErrorCodes.BrokerTypeNotSupported, exception.Code);
        Assert.Equal(
            $"BROKER_TYPE_NOT_SUPPORTED: the broker type '{type}' is one of Ductape's, but not supported by this library. {Supported} "
                + "(product 'my_product', broker 'sqsbroker', environment 'stg')",
            exception.Message);
        Assert.Equal((Event, "stg", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
    }

    [Theory]
    [InlineData("RABBITMQ", "Ductape.MassTransit.RabbitMQ", ".AddRabbitMq()")]
    [InlineData("AWS_SQS", "Ductape.MassTransit.AmazonSQS", ".AddAmazonSqs()")]
    [InlineData("AZURE_SERVICE_BUS", "Ductape.MassTransit.AzureServiceBus", ".AddAzureServiceBus()")]
    public void A_transport_that_is_not_registered_stops_start_up_in_the_environment_in_use(string type, string package, string call) =>
        Assert.Equal(
            [$"Ductape:{Dev}:Type: TRANSPORT_NOT_REGISTERED: the broker type '{type}' has no transport registered; "
                + $"reference the package {package} and call {call} after AddDuctapeMessageBroker()."],
            StartUp.Problems(With(($"{Dev}:Type", $"\"{type}\""))));

    [Fact]
    public async Task Elsewhere_it_names_the_call_to_add_when_it_is_published_to()
    {
        await using var services = TestProvider.Build(With((Stg, """{ "Type": "RABBITMQ" }""")));

        var exception = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, new { orderId = "1" }, env: "stg"));

        Assert.Equal(DuctapeErrorCodes.TransportNotRegistered, exception.Code);
        Assert.Contains("call .AddRabbitMq() after AddDuctapeMessageBroker()", exception.Message);
        Assert.Equal((Event, "stg", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
    }

    [Fact]
    public void With_no_default_environment_none_is_in_use()
    {
        Assert.Empty(StartUp.Problems(With(("Env", "null"), (Stg, """{ "Type": "KAFKA" }"""), ($"{Dev}:Type", "\"RABBITMQ\""))));
    }

    [Fact]
    public void A_misspelt_type_stops_start_up_in_any_environment() =>
        Assert.Equal(
            [$"Ductape:{Stg}:Type: BROKER_TYPE_NOT_SUPPORTED: the broker type 'RABBIT_MQ' is not known. Did you mean 'RABBITMQ'? {Supported}"],
            StartUp.Problems(With((Stg, """{ "Type": "RABBIT_MQ" }"""))));

    [Fact]
    public async Task A_type_in_another_case_is_the_same_type()
    {
        await using var services = TestProvider.Build(With(($"{Dev}:Type", "\"in_memory\"")));

        Assert.Equal("IN_MEMORY", (await services.Broker().PublishAsync(Event, 1)).BrokerType);
        Assert.Equal("IN_MEMORY", services.Catalog().FetchRoute(Event).BrokerType);
    }
}
