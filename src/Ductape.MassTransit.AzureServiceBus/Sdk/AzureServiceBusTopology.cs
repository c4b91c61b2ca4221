using Azure.Messaging.ServiceBus.Administration;
using Ductape.MassTransit.Transports;
using MassTransit.AzureServiceBusTransport;

namespace Ductape.MassTransit;

/// <summary>Topics, queues and subscriptions as they are created; the same wherever that happens.</summary>
internal static class AzureServiceBusTopology
{
    /// <summary>
    /// The fewest deliveries that an error queue allows which somebody else has created: MassTransit's default.
    /// </summary>
    public const int LeastDeliveries = 5;

    private const int MostDeliveries = 2000;

    public static CreateTopicOptions TopicOf(TopicTopology topic)
    {
        var options = Defaults.GetCreateTopicOptions(topic.Entity);
        if (AzureServiceBusDeduplication.WindowOf(topic.Deduplicate) is { } window)
        {
            options.RequiresDuplicateDetection = true;
            options.DuplicateDetectionHistoryTimeWindow = window;
        }

        if (((AzureServiceBusSettings)topic.Settings).Sessions)
            options.SupportOrdering = true;
        return options;
    }

    public static CreateQueueOptions QueueOf(SubscriberQueue queue)
    {
        var settings = (AzureServiceBusSettings)queue.Settings;
        var options = Defaults.GetCreateQueueOptions(queue.Name);
        options.LockDuration = settings.LockDuration;
        options.MaxDeliveryCount = settings.MaxDeliveryCount;
        options.RequiresSession = settings.Sessions;
        return options;
    }

    public static CreateSubscriptionOptions SubscriptionOf(TopicTopology topic, SubscriberQueue queue)
    {
        var settings = (AzureServiceBusSettings)queue.Settings;
        return new CreateSubscriptionOptions(topic.Entity, AzureServiceBusNaming.Subscription(queue.Name))
        {
            ForwardTo = queue.Name,
            LockDuration = settings.LockDuration,
            MaxDeliveryCount = settings.MaxDeliveryCount,
            EnableBatchedOperations = true,
            DeadLetteringOnMessageExpiration = true,
        };
    }

    /// <summary>
    /// An error queue: without sessions, so that one can go through it, and with room for many looks at a message.
    /// </summary>
    public static CreateQueueOptions ErrorQueueOf(string name, AzureServiceBusSettings settings)
    {
        var options = Defaults.GetCreateQueueOptions(name);
        options.LockDuration = settings.LockDuration;
        options.MaxDeliveryCount = MostDeliveries;
        return options;
    }
}
