using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// Brokers of type <see cref="BrokerTypes.AwsSqs"/>. What needs no package of AWS works in every build.
/// </summary>
internal sealed partial class AmazonSqsTransport : IBrokerTransport, IQueueUrlTransport, ILimitingTransport, ILintingTransport
{
    public string Type => BrokerTypes.AwsSqs;

    // SQS hands out ten at a time; what waits here is hidden from other instances.
    public int DefaultPrefetch => 20;

    public IMessageLimits Limits { get; } = new AmazonSqsMessageLimits();

    public NamingRules NamingOf(TransportSettings settings) =>
        settings is AmazonSqsSettings sqs ? AmazonSqsNaming.RulesOf(sqs) : AmazonSqsNaming.Rules;

    public int? MaxMessageSizeOf(TransportSettings settings) => AmazonSqsMessageLimits.DefaultLimit - AmazonSqsMessageLimits.Allowance;

    public string? ExistingQueue(TransportSettings settings) => AmazonSqsQueueUrl.Parse((settings as AmazonSqsSettings)?.QueueUrl)?.Name;

    public TransportSettings? AtQueueUrl(TransportSettings settings, string queueUrl) => (settings as AmazonSqsSettings)?.WithQueueUrl(queueUrl);

    public TransportSettings CreateSettings() => new AmazonSqsSettings();

    public IEnumerable<ConfigurationProblem> Validate(TransportSettings settings) => AmazonSqsSettingsValidator.Validate((AmazonSqsSettings)settings);

    // Fifo, names and what queues are created with differ from topic to topic on one connection.
    public object GetConnectionKey(TransportSettings settings)
    {
        var sqs = (AmazonSqsSettings)settings;
        var address = AmazonSqsAddress.Of(sqs);
        return (address.Region, address.ServiceUrl, sqs.AccessKeyId, sqs.SecretAccessKey, sqs.SessionToken, sqs.Provision, sqs.ProbeInterval);
    }

    public string Describe(TransportSettings settings) => (AmazonSqsAddress.Of((AmazonSqsSettings)settings) with { Queue = null }).ToString();

    public IEnumerable<LintFinding> Lint(TopicPlan topic) => AmazonSqsLint.Check(topic, (AmazonSqsSettings)topic.Settings);
}
