using System.Text.RegularExpressions;

namespace Ductape.MassTransit;

/// <summary>What is wrong with Amazon SQS settings. Never repeats a key.</summary>
internal static partial class AmazonSqsSettingsValidator
{
    private const int MaxScopeLength = 20;
    private const int MaxTags = 50;

    public static IEnumerable<ConfigurationProblem> Validate(AmazonSqsSettings settings)
    {
        var queue = AmazonSqsQueueUrl.Parse(settings.QueueUrl);
        foreach (var problem in QueueUrl(settings, queue).Concat(Region(settings, queue)).Concat(Credentials(settings)))
            yield return problem;

        if (settings.ServiceUrl is not null && !TransportSettings.RefersToSecret(settings.ServiceUrl)
            && !(Uri.TryCreate(settings.ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0))
            yield return new("ServiceUrl", "it is not a URL (not shown, since it may hold a password)", "write http://localhost:4566");
        if (settings.Scope is not null && (settings.Scope.Length is 0 or > MaxScopeLength || !settings.Scope.All(AmazonSqsNaming.IsAllowed)))
            yield return new("Scope", $"{ConfigurationProblem.Quoted(settings.Scope)} is not 1 to {MaxScopeLength} letters (a to z), digits, '-' or '_'");
        if (settings.WaitTime < TimeSpan.FromSeconds(1) || settings.WaitTime > TimeSpan.FromSeconds(20))
            yield return new("WaitTime", $"'{settings.WaitTime}' is out of range", "it must be from one second to twenty seconds");
        else if (settings.WaitTime.Ticks % TimeSpan.TicksPerSecond != 0)
            yield return new("WaitTime", $"'{settings.WaitTime}' has parts of a second", "it must be whole seconds");
        if (settings.VisibilityTimeout is { } visibility && (visibility < TimeSpan.FromSeconds(1) || visibility > TimeSpan.FromHours(12)))
            yield return new("VisibilityTimeout", $"'{visibility}' is out of range", "it must be from one second to twelve hours");
        if (settings.MaxHandlingTime < TimeSpan.FromSeconds(1) || settings.MaxHandlingTime > TimeSpan.FromHours(12))
            yield return new("MaxHandlingTime", $"'{settings.MaxHandlingTime}' is out of range", "it must be from one second to twelve hours");
        else if (settings.VisibilityTimeout > settings.MaxHandlingTime)
            yield return new("MaxHandlingTime", $"'{settings.MaxHandlingTime}' is less than VisibilityTimeout", "it must be at least that");
        if (settings.ProbeInterval < TimeSpan.FromSeconds(1) || settings.ProbeInterval > TimeSpan.FromHours(1))
            yield return new("ProbeInterval", $"'{settings.ProbeInterval}' is out of range", "it must be from one second to one hour");
        if (settings.Tags.Count > MaxTags)
            yield return new("Tags", $"there are {settings.Tags.Count}", $"at most {MaxTags} are what AWS takes");
        foreach (var (key, value) in settings.Tags)
        {
            if (key.Length is 0 or > 128 || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
                yield return new($"Tags:{key}", "a key has 1 to 128 characters and does not begin with 'aws:'");
            if (value is null or { Length: > 256 })
                yield return new($"Tags:{key}", "a value has at most 256 characters");
        }
    }

    private static IEnumerable<ConfigurationProblem> QueueUrl(AmazonSqsSettings settings, AmazonSqsQueueUrl? queue)
    {
        if (settings.QueueUrl is null)
            yield break;

        if (TransportSettings.RefersToSecret(settings.QueueUrl))
            yield return new("QueueUrl", "a secret cannot stand here, since the queue's name is shown in logs and errors", "write the URL");
        else if (queue is null)
            yield return new("QueueUrl", "it is not the URL of a queue", "write https://sqs.us-east-1.amazonaws.com/123456789012/name");
        else if (settings.Fifo && !queue.IsFifo)
            yield return new("QueueUrl", $"the queue '{queue.Name}' is not a FIFO queue, whose name ends with '.fifo'", "leave Fifo out, or give another queue");
    }

    private static IEnumerable<ConfigurationProblem> Region(AmazonSqsSettings settings, AmazonSqsQueueUrl? queue)
    {
        if (settings.Region is null)
        {
            if (settings.QueueUrl is null && settings.ServiceUrl is null)
                yield return new("Region", "it is missing", "give the region of AWS, as 'us-east-1'");
        }
        else if (!TransportSettings.RefersToSecret(settings.Region) && !RegionForm().IsMatch(settings.Region))
        {
            yield return new("Region", $"{ConfigurationProblem.Quoted(settings.Region)} is not a region of AWS", "write it as 'us-east-1'");
        }
        else if (queue is { Region: { } region } && region != settings.Region)
        {
            yield return new("Region", $"{ConfigurationProblem.Quoted(settings.Region)} is not the region of QueueUrl, '{region}'", "leave Region out");
        }
    }

    private static IEnumerable<ConfigurationProblem> Credentials(AmazonSqsSettings settings)
    {
        if (settings.AccessKeyId is null != settings.SecretAccessKey is null)
        {
            var (missing, given) = settings.AccessKeyId is null ? ("AccessKeyId", "SecretAccessKey") : ("SecretAccessKey", "AccessKeyId");
            yield return new(missing, $"it is missing, and goes with {given}", "give both, or neither for the AWS default credential chain");
        }

        if (settings.SessionToken is not null && settings.AccessKeyId is null)
            yield return new("SessionToken", "it goes with AccessKeyId and SecretAccessKey", "give all three");
        foreach (var (key, value) in new[]
        {
            ("AccessKeyId", settings.AccessKeyId), ("SecretAccessKey", settings.SecretAccessKey), ("SessionToken", settings.SessionToken),
        })
        {
            if (value is not null && string.IsNullOrWhiteSpace(value))
                yield return new(key, "it is blank");
        }
    }

    [GeneratedRegex(@"^[a-z]{2}(-[a-z]+)+-\d$", RegexOptions.CultureInvariant)]
    private static partial Regex RegionForm();
}
