using System.Text.RegularExpressions;

namespace Ductape.MassTransit;

/// <summary>The URL of an SQS queue, taken apart.</summary>
/// <param name="Region">The region, or null where the URL does not say, as with an emulator.</param>
/// <param name="Account">The account that owns the queue.</param>
/// <param name="Name">The name of the queue.</param>
/// <param name="ServiceUrl">The address of the service where it is not AWS's public one for the region; else
/// null.</param>
internal sealed partial record AmazonSqsQueueUrl(string? Region, string Account, string Name, string? ServiceUrl)
{
    public bool IsFifo => Name.EndsWith(AmazonSqsNaming.FifoSuffix, StringComparison.Ordinal);

    /// <summary>The parts of a queue's URL, or null where it is none.</summary>
    public static AmazonSqsQueueUrl? Parse(string? text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            return null;

        var path = Path().Match(url.AbsolutePath);
        if (!path.Success)
            return null;

        var (region, isPublic) = RegionOf(url.Host);
        if (path.Groups["region"].Success)
            region ??= path.Groups["region"].Value;
        return new AmazonSqsQueueUrl(region, path.Groups["account"].Value, path.Groups["name"].Value,
            isPublic ? null : url.GetLeftPart(UriPartial.Authority));
    }

    private static (string? Region, bool IsPublic) RegionOf(string host)
    {
        // The first form that SQS had, still answered in the first region.
        if (host == "queue.amazonaws.com")
            return ("us-east-1", true);
        if (PublicHost().Match(host) is { Success: true } current)
            return (current.Groups["region"].Value, true);
        return PrivateHost().Match(host) is { Success: true } other ? (other.Groups["region"].Value, false) : (null, false);
    }

    // An emulator may write the region into the path.
    [GeneratedRegex(@"^(/queue/(?<region>[a-z]{2}(-[a-z]+)+-\d))?/(?<account>\d+)/(?<name>[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo)/?$", RegexOptions.CultureInvariant)]
    private static partial Regex Path();

    // sqs.REGION.amazonaws.com, of China too, and the older REGION.queue.amazonaws.com.
    [GeneratedRegex(@"^(sqs\.(?<region>[a-z]{2}(-[a-z]+)+-\d)\.amazonaws\.com(\.cn)?|(?<region>[a-z]{2}(-[a-z]+)+-\d)\.queue\.amazonaws\.com(\.cn)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex PublicHost();

    // FIPS, dual-stack and VPC endpoints, and emulators that answer to names of that form: reached at just that
    // address.
    [GeneratedRegex(@"(^|\.)sqs(-fips)?\.(?<region>[a-z]{2}(-[a-z]+)+-\d)\.", RegexOptions.CultureInvariant)]
    private static partial Regex PrivateHost();
}
