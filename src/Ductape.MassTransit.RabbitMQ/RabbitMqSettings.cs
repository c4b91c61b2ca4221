using Ductape.MassTransit.RabbitMQ.Configuration;

namespace Ductape.MassTransit;

/// <summary>
/// The <c>Config</c> of a broker of type <see cref="BrokerTypes.RabbitMq"/>: either <see cref="Url"/>, as Ductape's
/// events documentation has it, or its parts, or <see cref="ConnectionName"/>.
/// </summary>
public sealed class RabbitMqSettings : TransportSettings
{
    /// <summary>
    /// <c>amqp://user:password@host:port/vhost</c>, or <c>amqps</c> for TLS. A slash in the virtual host's name is
    /// written <c>%2F</c>; none means <c>/</c>. May be left out for <see cref="Host"/> or <see cref="Hosts"/>. A
    /// secret, since it can hold a password.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>
    /// The name of one of the application's connection strings, <c>ConnectionStrings:NAME</c>, to use in place of
    /// <see cref="Url"/>: an <c>amqp</c> or <c>amqps</c> URL, as Aspire's <c>WithReference</c> gives it. A secret.
    /// Excludes <see cref="Url"/>, <see cref="Host"/>, <see cref="Hosts"/> and <see cref="Port"/>;
    /// <see cref="Username"/>, <see cref="Password"/> and <see cref="VirtualHost"/> say what the URL leaves out.
    /// <value>Default: none.</value>
    /// </summary>
    [ConnectionStringName(nameof(Url))]
    public string? ConnectionName { get; set; }

    /// <summary>The server. <value>Default: <c>localhost</c>.</value></summary>
    public string? Host { get; set; }

    /// <summary>
    /// The servers of a cluster, each as <c>host</c> or <c>host:port</c>; tried in turn. Excludes <see cref="Host"/>.
    /// </summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>The port. <value>Default: 5672, with TLS 5671.</value></summary>
    public int? Port { get; set; }

    /// <summary>The user. <value>Default: <c>guest</c>.</value></summary>
    public string? Username { get; set; }

    /// <summary>The user's password, a secret. <value>Default: <c>guest</c>.</value></summary>
    public string? Password { get; set; }

    /// <summary>The virtual host. <value>Default: <c>/</c>.</value></summary>
    public string? VirtualHost { get; set; }

    /// <summary>
    /// Whether and how TLS is used. <see cref="RabbitMqTlsSettings.Enabled"/> is implied by <c>amqps</c>.
    /// </summary>
    public RabbitMqTlsSettings Tls { get; set; } = new();

    /// <summary>How long one attempt to connect may take. <value>Default: 10 seconds.</value></summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often client and server show that they live. A server that sends nothing for one and a half of it, and for
    /// two seconds more than it, is taken for lost, and the connection is made anew.
    /// <value>Default: 10 seconds.</value>
    /// </summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The type of the queues that are declared. A queue that exists with another type is refused by the broker.
    /// <value>Default: <see cref="RabbitMqQueueType.Classic"/>.</value>
    /// </summary>
    public RabbitMqQueueType QueueType { get; set; }

    /// <summary>
    /// For quorum queues: how often a message is delivered again after a consumer died with it, before it goes to
    /// <c>_error</c>. Set explicitly on the queue, because the broker's default differs by version and drops the
    /// message.
    /// <value>Default: 20.</value>
    /// </summary>
    public int DeliveryLimit { get; set; } = 20;

    /// <summary>
    /// Whether the queues of topics that are handled in order (<see cref="TopicOptions.Ordered"/>) have one consumer at
    /// a time, so that the order holds across the instances of a product: the others wait to take over. A queue that
    /// exists otherwise is refused by the broker.
    /// <value>Default: false.</value>
    /// </summary>
    public bool SingleActiveConsumer { get; set; }

    /// <summary>
    /// Whether exchanges and queues are made, or exist and are used as they are; a topic may say otherwise
    /// (<see cref="TopicOptions.Declare"/>). A user without the right to configure needs
    /// <see cref="DeclareMode.Passive"/>, and the <c>_error</c> queues and those of delays have to exist too; the user
    /// needs the right to write to the exchanges and to <c>amq.default</c>, and to read the queues.
    /// <value>Default: <see cref="DeclareMode.Create"/>.</value>
    /// </summary>
    public DeclareMode Declare { get; set; }

    /// <summary>The address, without user and password, or the name of the connection string.</summary>
    public override string ToString() => ConnectionName is null ? RabbitMqAddress.Of(this).ToString() : $"ConnectionStrings:{ConnectionName}";
}

/// <summary>The types of queue.</summary>
public enum RabbitMqQueueType
{
    /// <summary>A durable classic queue, on one node.</summary>
    Classic,

    /// <summary>A replicated quorum queue.</summary>
    Quorum,
}
