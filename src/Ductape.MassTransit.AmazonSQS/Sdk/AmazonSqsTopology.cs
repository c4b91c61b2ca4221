using System.Globalization;
using Amazon.SQS;
using Ductape.MassTransit.Transports;
using MassTransit.AmazonSqsTransport.Topology;

namespace Ductape.MassTransit;

/// <summary>
/// Topics and queues as they are created; the same wherever that happens, since AWS refuses to create one again
/// otherwise.
/// </summary>
internal static class AmazonSqsTopology
{
    private const string FifoTopic = "FifoTopic";

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    public static void SetTopic(IAmazonSqsTopicConfigurator topic, string name, AmazonSqsSettings settings)
    {
        if (IsFifo(name))
            topic.TopicAttributes[FifoTopic] = "true";
        foreach (var (key, value) in settings.Tags)
            topic.TopicTags[key] = value;
    }

    public static TopicEntity TopicOf(TopicTopology topic) => new(0, topic.Entity, true, false,
        IsFifo(topic.Entity) ? new Dictionary<string, object> { [FifoTopic] = "true" } : null,
        null, ((AmazonSqsSettings)topic.Settings).Tags);

    public static QueueEntity QueueOf(TopicTopology topic, SubscriberQueue queue)
    {
        var settings = (AmazonSqsSettings)queue.Settings;
        var attributes = new Dictionary<string, object>
        {
            [QueueAttributeName.VisibilityTimeout] =
                ((int)VisibilityOf(settings, topic.LongestRetry).TotalSeconds).ToString(CultureInfo.InvariantCulture),
        };
        if (IsFifo(queue.Name))
            attributes[QueueAttributeName.FifoQueue] = "true";
        return new QueueEntity(0, queue.Name, true, false, attributes, null, settings.Tags);
    }

    /// <summary>
    /// Long enough for the waits between the attempts, so that one renewal that fails does not deliver a message twice.
    /// </summary>
    public static TimeSpan VisibilityOf(AmazonSqsSettings settings, TimeSpan longestRetry)
    {
        var visibility = settings.VisibilityTimeout ?? Margin + longestRetry;
        return visibility < Longest ? visibility : Longest;
    }

    private static bool IsFifo(string name) => name.EndsWith(AmazonSqsNaming.FifoSuffix, StringComparison.Ordinal);
}
