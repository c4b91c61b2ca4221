using Amazon;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Amazon.SQS;

namespace Ductape.MassTransit;

/// <summary>AWS's clients as the settings want them.</summary>
internal static class AmazonSqsClients
{
    /// <summary>The credentials, or null for the AWS default credential chain.</summary>
    public static AWSCredentials? Credentials(AmazonSqsSettings settings) => settings switch
    {
        { AccessKeyId: null } => null,
        { SessionToken: { } token } => new SessionAWSCredentials(settings.AccessKeyId, settings.SecretAccessKey, token),
        _ => new BasicAWSCredentials(settings.AccessKeyId, settings.SecretAccessKey),
    };

    public static AmazonSQSConfig Sqs(AmazonSqsSettings settings) => Set(new AmazonSQSConfig(), settings);

    public static AmazonSimpleNotificationServiceConfig Sns(AmazonSqsSettings settings) => Set(new AmazonSimpleNotificationServiceConfig(), settings);

    public static AmazonSQSClient Client(AmazonSqsSettings settings) => New(settings, Sqs(settings));

    /// <summary>A client that gives up soon.</summary>
    public static AmazonSQSClient Probe(AmazonSqsSettings settings, TimeSpan patience)
    {
        var config = Sqs(settings);
        config.Timeout = patience;
        config.MaxErrorRetry = 0;
        return New(settings, config);
    }

    private static AmazonSQSClient New(AmazonSqsSettings settings, AmazonSQSConfig config) =>
        Credentials(settings) is { } credentials ? new AmazonSQSClient(credentials, config) : new AmazonSQSClient(config);

    // Setting the region clears the URL and the other way round: with a URL only the signature has a region.
    private static T Set<T>(T config, AmazonSqsSettings settings)
        where T : ClientConfig
    {
        var address = AmazonSqsAddress.Of(settings);
        if (address.ServiceUrl is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(address.Region);
            return config;
        }

        config.ServiceURL = address.ServiceUrl;
        config.AuthenticationRegion = address.Region;
        return config;
    }
}
