using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// The <c>Config</c> of a broker of type <see cref="BrokerTypes.AwsSqs"/>. By default a topic is an SNS topic and a
/// subscriber an SQS queue that is subscribed to it; with a <see cref="QueueUrl"/> every message goes to that queue.
/// </summary>
public sealed class AmazonSqsSettings : TransportSettings
{
    /// <summary>
    /// The AWS region, as <c>us-east-1</c>. Required, unless <see cref="QueueUrl"/> or <see cref="ServiceUrl"/> is
    /// given.
    /// </summary>
    public string? Region { get; set; }

    /// <summary>The id of the access key. <value>Default: the AWS default credential chain.</value></summary>
    public string? AccessKeyId { get; set; }

    /// <summary>The secret of the access key, a secret. Goes with <see cref="AccessKeyId"/>.</summary>
    public string? SecretAccessKey { get; set; }

    /// <summary>
    /// The token of temporary credentials, a secret. Goes with <see cref="AccessKeyId"/>. <value>Default: none.</value>
    /// </summary>
    public string? SessionToken { get; set; }

    /// <summary>
    /// The address of an emulator or of a VPC endpoint, for SQS and SNS both. <value>Default: AWS's own for the
    /// region.</value>
    /// </summary>
    public string? ServiceUrl { get; set; }

    /// <summary>
    /// Ductape's <c>queueUrl</c>: an existing queue that every message is sent to and that subscribers compete on,
    /// without SNS. Region and account are taken from it. For one topic use its <c>Envs:ENV:QueueUrl</c>.
    /// <value>Default: none.</value>
    /// </summary>
    public string? QueueUrl { get; set; }

    /// <summary>
    /// What the names of topics and queues begin with, before an underscore. <value>Default: nothing.</value>
    /// </summary>
    public string? Scope { get; set; }

    /// <summary>
    /// Whether topics and queues are FIFO: messages with the same partition key stay in order, and copies under the
    /// same idempotency key within five minutes are dropped by AWS. Implied by a queue URL that ends with <c>.fifo</c>.
    /// <value>Default: false.</value>
    /// </summary>
    public bool Fifo { get; set; }

    /// <summary>
    /// Whether topics, queues and subscriptions that are missing are created. <value>Default:
    /// <see cref="Provision.Create"/>.</value>
    /// </summary>
    public Provision Provision { get; set; }

    /// <summary>The tags of the topics and queues that are created. <value>Default: none.</value></summary>
    public Dictionary<string, string> Tags { get; set; } = [];

    /// <summary>
    /// How long one request for messages waits for some: whole seconds, 1 to 20. In a configuration a time span,
    /// as <c>00:00:20</c>, or <c>WaitTimeSeconds</c> as a whole number. <value>Default: 20 seconds.</value>
    /// </summary>
    [WholeNumberOf("seconds", NumberKey = "WaitTimeSeconds")]
    public TimeSpan WaitTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// For how long a message is hidden from other receivers after a delivery; renewed while its callback runs. Set on
    /// queues that are created. <value>Default: 30 seconds, and as long as the topic's retries wait.</value>
    /// </summary>
    public TimeSpan? VisibilityTimeout { get; set; }

    /// <summary>
    /// How long a callback with all its retries may take: after that the message is delivered again. <value>Default: 12
    /// hours, AWS's own limit.</value>
    /// </summary>
    public TimeSpan MaxHandlingTime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How often the connection is checked while it is in use. <value>Default: 15 seconds.</value></summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The region or address, and the queue, without credentials.</summary>
    public override string ToString() => AmazonSqsAddress.Of(this).ToString();

    /// <summary>These settings at another queue, whose URL also says where that is.</summary>
    internal AmazonSqsSettings WithQueueUrl(string queueUrl)
    {
        var copy = (AmazonSqsSettings)MemberwiseClone();
        copy.QueueUrl = queueUrl;
        if (AmazonSqsQueueUrl.Parse(queueUrl) is { Region: { } region })
            copy.Region = region;
        return copy;
    }
}
