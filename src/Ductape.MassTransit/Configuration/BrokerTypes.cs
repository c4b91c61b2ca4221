namespace Ductape.MassTransit;

/// <summary>The broker types, Ductape's constants. Source: Ductape's events documentation, "Supported providers".</summary>
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

    /// <summary>Azure Service Bus; package <c>Ductape.MassTransit.AzureServiceBus</c>, <c>.AddAzureServiceBus()</c>.</summary>
    public const string AzureServiceBus = "AZURE_SERVICE_BUS";

    /// <summary>Known to Ductape; not supported by this library.</summary>
    public const string Kafka = "KAFKA";

    /// <summary>Known to Ductape; not supported by this library.</summary>
    public const string Redis = "REDIS";

    /// <summary>Known to Ductape; not supported by this library.</summary>
    public const string GooglePubSub = "GOOGLE_PUBSUB";

    /// <summary>Known to Ductape; not supported by this library.</summary>
    public const string Nats = "NATS";

    internal static readonly string[] Supported = [InMemory, RabbitMq, AwsSqs, AzureServiceBus, Host];

    internal static readonly string[] KnownToDuctape = [Kafka, Redis, GooglePubSub, Nats];

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
