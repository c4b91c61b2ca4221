using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>What of a topic would not work on Amazon SQS, or otherwise than elsewhere.</summary>
internal static class AmazonSqsLint
{
    public static IEnumerable<LintFinding> Check(TopicPlan topic, AmazonSqsSettings settings)
    {
        var limit = (topic.IsExistingQueue ? AmazonSqsMessageLimits.QueueLimit : AmazonSqsMessageLimits.DefaultLimit) - AmazonSqsMessageLimits.Allowance;
        if (topic.MaxMessageSize > limit)
        {
            yield return new LintFinding(LintSeverity.Error, EnvPath(topic, "MaxMessageSize"),
                $"{topic.MaxMessageSize} is more than Amazon {(topic.IsExistingQueue ? "SQS" : "SNS")} takes of {topic.Event}, {limit} with {AmazonSqsMessageLimits.Allowance} for the envelope.",
                topic.IsExistingQueue ? "Lower it." : "Lower it, or send to a queue by its URL, which takes up to 1 MiB.");
        }

        if (topic.LongestRetry > settings.MaxHandlingTime)
        {
            yield return new LintFinding(LintSeverity.Error, $"{topic.Path}:Retry",
                $"in {topic.Env} the waits between the attempts are {topic.LongestRetry} together, and after {settings.MaxHandlingTime} Amazon SQS delivers the message again.",
                "Retry less often, or raise MaxHandlingTime, which AWS limits to twelve hours.");
        }

        var isFifo = topic.Queue.EndsWith(AmazonSqsNaming.FifoSuffix, StringComparison.Ordinal);
        if (topic.Ordered && !isFifo)
        {
            yield return new LintFinding(LintSeverity.Error, $"{topic.Path}:Ordered",
                $"in {topic.Env} the queue '{topic.Queue}' is a standard one, which does not keep the order of its messages.",
                topic.IsExistingQueue ? "Give the URL of a FIFO queue." : "Set Fifo in the Config of the broker's environment.");
        }

        if (topic.Redelivery.Count > 0 && isFifo)
        {
            yield return new LintFinding(LintSeverity.Error, $"{topic.Path}:Redelivery",
                $"in {topic.Env} the queue '{topic.Queue}' is a FIFO queue, which does not hold single messages back.", "Leave Redelivery out.");
        }
        else if (topic.Redelivery.Any(x => x > AmazonSqsDelay.Longest))
        {
            yield return new LintFinding(LintSeverity.Info, $"{topic.Path}:Redelivery",
                $"in {topic.Env} Amazon SQS holds a message back for {AmazonSqsDelay.Longest} at most; one that waits longer passes through a subscriber that often, "
                + "which puts it back without calling anybody.", "");
        }

        if (settings.Fifo && topic.Deduplicate > TimeSpan.FromMinutes(5))
        {
            yield return new LintFinding(LintSeverity.Info, $"{topic.Path}:Deduplicate",
                $"in {topic.Env} AWS itself drops copies of a publish for five minutes only; for the rest of {topic.Deduplicate} the library does.", "");
        }

        if (settings.Provision == Provision.None)
        {
            yield return new LintFinding(LintSeverity.Info, topic.Path,
                $"in {topic.Env} nothing is created: {(topic.IsExistingQueue ? "" : $"the SNS topic '{topic.Entity}', ")}the queues '{topic.Queue}', "
                + $"'{AmazonSqsNaming.ErrorQueue(topic.Queue)}' and '{AmazonSqsNaming.SkippedQueue(topic.Queue)}'"
                + $"{(topic.IsExistingQueue ? "" : " and the subscription")} must exist.", "");
        }
    }

    private static string EnvPath(TopicPlan topic, string key) => $"{topic.ConfigPath[..topic.ConfigPath.LastIndexOf(':')]}:{key}";
}
