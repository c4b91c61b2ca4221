using System.Collections.Concurrent;
using Amazon;
using Amazon.SQS;
using Amazon.SimpleNotificationService;
using Ductape.MassTransit.Transports;
using MassTransit.AmazonSqsTransport;
using MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// Gives MassTransit clients that know existing queues by their URLs, create only what they may, and tell what is gone.
/// </summary>
internal sealed class AmazonSqsConnectionSettings(
    AmazonSqsSettings settings, Action<GoneEntity> gone, AmazonSqsBatches batches, AmazonSqsHandedOut handedOut) : AmazonSqsHostSettings
{
    // With the bare format all headers travel as one, beside these; MassTransit adds the reason when it moves a message
    // to _skipped. AWS takes ten, none of them empty, and counts them with the message.
    private static readonly HashSet<string> Attributes = new(StringComparer.Ordinal)
    {
        MessageHeaders.ContentType, MessageHeaders.MessageId, MessageHeaders.CorrelationId, "ductape-headers", MessageHeaders.Reason,
    };

    private readonly ConcurrentDictionary<string, string> _urls = new(StringComparer.Ordinal);

    public RegionEndpoint? Region { get; } = RegionEndpoint.GetBySystemName(AmazonSqsAddress.Of(settings).Region);

    // MassTransit shows them in its probes, where they do not belong.
    public string AccessKey => "";

    public string SecretKey => "";

    public AllowTransportHeader? AllowTransportHeader { get; } = static header => header.Value is { Length: > 0 } && Attributes.Contains(header.Key);

    public bool ScopeTopics => false;

    public Uri HostAddress { get; } = new AmazonSqsHostAddress(AmazonSqsAddress.Of(settings).Region, "/");

    /// <summary>The URL of a queue that is not looked up by its name.</summary>
    public void KnowQueue(string name, string url) => _urls[name] = url;

    public IConnection CreateConnection()
    {
        var credentials = AmazonSqsClients.Credentials(settings);
        var mayCreate = settings.Provision == Provision.Create;
        return new AmazonSqsConnection(
            new WatchedSqsClient(credentials, AmazonSqsClients.Sqs(settings), _urls, mayCreate, gone, batches, handedOut),
            new WatchedSnsClient(credentials, AmazonSqsClients.Sns(settings), mayCreate, gone));
    }

    // MassTransit logs it.
    public override string ToString() => AmazonSqsAddress.Of(settings).ToString();

    private sealed class AmazonSqsConnection(IAmazonSQS sqs, IAmazonSimpleNotificationService sns) : IConnection
    {
        public IAmazonSQS SqsClient => sqs;

        public IAmazonSimpleNotificationService SnsClient => sns;

        public void Dispose()
        {
            sqs.Dispose();
            sns.Dispose();
        }
    }
}
