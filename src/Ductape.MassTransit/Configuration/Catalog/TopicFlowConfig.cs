namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>How the messages of a topic are handed to its subscriptions.</summary>
/// <param name="KillSwitch">Null for none.</param>
/// <param name="PartitionKey">Where the partition key is in a message, or null.</param>
/// <param name="Ordered">Whether messages with the same partition key are handled one after the other.</param>
internal sealed record TopicFlowConfig(KillSwitchConfig? KillSwitch, PartitionKeyPath? PartitionKey, bool Ordered)
{
    public static TopicFlowConfig Of(TopicOptions topic) => new(
        topic.KillSwitch is { } x ? new KillSwitchConfig(x.ActivationThreshold, x.TripThreshold, x.TrackingPeriod, x.RestartTimeout) : null,
        topic.PartitionKey is null ? null : PartitionKeyPath.TryParse(topic.PartitionKey),
        topic.Ordered ?? topic.PartitionKey is not null);
}

/// <inheritdoc cref="KillSwitchOptions"/>
internal sealed record KillSwitchConfig(int ActivationThreshold, double TripThreshold, TimeSpan TrackingPeriod, TimeSpan RestartTimeout);
