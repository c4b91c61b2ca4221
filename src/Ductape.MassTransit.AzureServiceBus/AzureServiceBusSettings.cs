using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// The <c>Config</c> of a broker of type <see cref="BrokerTypes.AzureServiceBus"/>. By default a topic is a Service Bus
/// topic and a subscriber a queue that a subscription forwards to; with a <see cref="QueueName"/> every message goes to
/// that queue.
/// </summary>
public sealed class AzureServiceBusSettings : TransportSettings
{
    /// <summary>
    /// <c>Endpoint=sb://name.servicebus.windows.net/;SharedAccessKeyName=…;SharedAccessKey=…</c>, a secret. Excludes
    /// <see cref="Namespace"/>.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// The namespace, <c>name</c> or <c>name.servicebus.windows.net</c>, reached as the identity that
    /// <c>DefaultAzureCredential</c> finds.
    /// </summary>
    public string? Namespace { get; set; }

    /// <summary>
    /// Ductape's <c>queueName</c>: an existing queue that every message is sent to and that subscribers compete on.
    /// <value>Default: none.</value>
    /// </summary>
    public string? QueueName { get; set; }

    /// <summary>
    /// Whether topics, queues and subscriptions that are missing are created, which needs the right to manage.
    /// <value>Default: <see cref="Provision.Create"/>.</value>
    /// </summary>
    public Provision Provision { get; set; }

    /// <summary>
    /// The tier of the namespace, which limits the size of messages. <value>Default:
    /// <see cref="AzureServiceBusTier.Standard"/>.</value>
    /// </summary>
    public AzureServiceBusTier Tier { get; set; }

    /// <summary>
    /// Whether queues have sessions: messages with the same partition key stay in order. A queue that exists without
    /// cannot get them.
    /// <value>Default: false.</value>
    /// </summary>
    public bool Sessions { get; set; }

    /// <summary>
    /// How often a message is delivered that no callback ends for, before Service Bus puts it aside, 1 to 2000.
    /// <value>Default: 10.</value>
    /// </summary>
    public int MaxDeliveryCount { get; set; } = 10;

    /// <summary>
    /// For how long a delivered message is locked; renewed while its callback runs. At most 5 minutes. <value>Default:
    /// 1 minute.</value>
    /// </summary>
    public TimeSpan LockDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a callback with all its retries may take: so long its lock is renewed. <value>Default: 1 hour.</value>
    /// </summary>
    public TimeSpan MaxHandlingTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether AMQP goes through a web socket on port 443. <value>Default: false.</value></summary>
    public bool UseWebSockets { get; set; }

    /// <summary>How often the connection is checked while it is in use. <value>Default: 15 seconds.</value></summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The namespace and the queue, without keys.</summary>
    public override string ToString() => AzureServiceBusAddress.Of(this) is var host && QueueName is null ? host : $"{host}, queue {QueueName}";
}

/// <summary>The tiers that have topics.</summary>
public enum AzureServiceBusTier
{
    /// <summary>Messages of at most 256 KB.</summary>
    Standard,

    /// <summary>Messages of at most 1 MB, or what the topic allows, at most 100 MB.</summary>
    Premium,
}
