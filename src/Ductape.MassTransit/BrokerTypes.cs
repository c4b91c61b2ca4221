namespace Ductape.MassTransit;

/// <summary>
/// The broker types that this library supports, as Ductape names them. Source: Ductape's events documentation,
/// "Supported providers".
/// </summary>
public static class BrokerTypes
{
    /// <summary>In the memory of this process; for development and tests. Built in.</summary>
    public const string InMemory = "IN_MEMORY";

    /// <summary>The bus that the application itself registered with <c>AddMassTransit</c>. Built in.</summary>
    public const string Host = "HOST";

    /// <summary>RabbitMQ; package <c>Ductape.MassTransit.RabbitMQ</c>, <c>.AddRabbitMq()</c>.</summary>
    public const string RabbitMq = "RABBITMQ";

    /// <summary>Amazon SQS and SNS; package <c>Ductape.MassTransit.AmazonSQS</c>, <c>.AddAmazonSqs()</c>.</summary>
    public const string AwsSqs = "AWS_SQS";

    /// <summary>
    /// Azure Service Bus; package <c>Ductape.MassTransit.AzureServiceBus</c>, <c>.AddAzureServiceBus()</c>.
    /// </summary>
    public const string AzureServiceBus = "AZURE_SERVICE_BUS";

    internal static readonly string[] Supported = [InMemory, RabbitMq, AwsSqs, AzureServiceBus, Host];

    /// <summary>Ductape's other types, which this library does not support.</summary>
    internal static readonly string[] KnownToDuctape = ["KAFKA", "REDIS", "GOOGLE_PUBSUB", "NATS"];

    /// <summary>The call that registers a transport, for remedies.</summary>
    internal static string RegistrationOf(string type) => type switch
    {
        RabbitMq => "reference the package Ductape.MassTransit.RabbitMQ and call .AddRabbitMq() after AddDuctapeMessageBroker()",
        AwsSqs => "reference the package Ductape.MassTransit.AmazonSQS and call .AddAmazonSqs() after AddDuctapeMessageBroker()",
        AzureServiceBus =>
            "reference the package Ductape.MassTransit.AzureServiceBus and call .AddAzureServiceBus() after AddDuctapeMessageBroker()",
        _ => "register its IBrokerTransport with .AddTransport<T>() after AddDuctapeMessageBroker()",
    };
}
