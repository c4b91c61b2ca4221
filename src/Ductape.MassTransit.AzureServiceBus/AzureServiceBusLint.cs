using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>What of a topic would not work on Azure Service Bus, or otherwise than elsewhere.</summary>
internal static class AzureServiceBusLint
{
    public static IEnumerable<LintFinding> Check(TopicPlan topic, AzureServiceBusSettings settings)
    {
        var limit = (settings.Tier == AzureServiceBusTier.Premium ? AzureServiceBusMessageLimits.LargestLimit : AzureServiceBusMessageLimits.StandardLimit)
            - AzureServiceBusMessageLimits.Allowance;
        if (topic.MaxMessageSize > limit)
        {
            yield return new LintFinding(LintSeverity.Error, $"{topic.ConfigPath[..topic.ConfigPath.LastIndexOf(':')]}:MaxMessageSize",
                $"{topic.MaxMessageSize} is more than Azure Service Bus takes in the {settings.Tier} tier, {limit} with {AzureServiceBusMessageLimits.Allowance} for the envelope.",
                settings.Tier == AzureServiceBusTier.Premium ? "Lower it." : "Lower it, or set Tier where the namespace is a Premium one.");
        }

        if (topic.LongestRetry > settings.MaxHandlingTime)
        {
            yield return new LintFinding(LintSeverity.Error, $"{topic.Path}:Retry",
                $"in {topic.Env} the waits between the attempts are {topic.LongestRetry} together, and after {settings.MaxHandlingTime} Azure Service Bus delivers the message again.",
                "Retry less often, or raise MaxHandlingTime.");
        }

        if (topic.Ordered && !settings.Sessions)
        {
            yield return new LintFinding(LintSeverity.Warning, $"{topic.Path}:Ordered",
                $"in {topic.Env} the queue '{topic.Queue}' has no sessions: instances that compete on it do not keep the order between them.",
                "Set Sessions in the Config of the broker's environment.");
        }

        if (topic.Deduplicate is { } window && AzureServiceBusDeduplication.WindowOf(window) is { } applied && applied != window)
        {
            yield return new LintFinding(LintSeverity.Info, $"{topic.Path}:Deduplicate",
                $"in {topic.Env} Azure Service Bus itself drops copies for {applied}, since it knows windows of 20 seconds to 7 days only; the library keeps to {window}.", "");
        }

        if (topic is { OnUnroutable: OnUnroutable.Fail, IsExistingQueue: false } && settings.Provision == Provision.None)
        {
            yield return new LintFinding(LintSeverity.Warning, $"{topic.Path}:OnUnroutable",
                $"in {topic.Env} Azure Service Bus takes a message although no queue would get it, and without the right to manage (Provision is none) nobody "
                + "can ask it before.",
                "See to it that the topic has a subscription, or set Provision to create where the identity may manage.");
        }

        if (settings.Provision == Provision.None)
        {
            yield return new LintFinding(LintSeverity.Info, topic.Path,
                $"in {topic.Env} nothing is created: {(topic.IsExistingQueue ? "" : $"the topic '{topic.Entity}' with the subscription '{AzureServiceBusNaming.Subscription(topic.Queue)}' that forwards to the queue, and ")}"
                + $"the queues '{topic.Queue}', '{topic.Queue}_error' and '{topic.Queue}_skipped' must exist.", "");
        }
    }
}
