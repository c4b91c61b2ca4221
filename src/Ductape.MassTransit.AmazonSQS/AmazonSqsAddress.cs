namespace Ductape.MassTransit;

/// <summary>Where SQS and SNS are, with what the queue's URL says and the defaults filled in.</summary>
internal sealed record AmazonSqsAddress(string Region, string? ServiceUrl, AmazonSqsQueueUrl? Queue)
{
    // What emulators take, and what their clients must sign for.
    private const string DefaultRegion = "us-east-1";

    public static AmazonSqsAddress Of(AmazonSqsSettings settings)
    {
        var queue = AmazonSqsQueueUrl.Parse(settings.QueueUrl);
        return new AmazonSqsAddress(settings.Region ?? queue?.Region ?? DefaultRegion, settings.ServiceUrl ?? queue?.ServiceUrl, queue);
    }

    /// <summary>AWS's partition, the second part of an ARN.</summary>
    public string Partition => Region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : Region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : "aws";

    public override string ToString()
    {
        // A service URL is shown without what could be a password.
        var service = ServiceUrl is null ? Region
            : Uri.TryCreate(ServiceUrl, UriKind.Absolute, out var url) ? $"{Region} at {url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}"
            : $"{Region} at an address in a secret";
        return Queue is null ? service : $"{service}, queue {Queue.Name}";
    }
}
