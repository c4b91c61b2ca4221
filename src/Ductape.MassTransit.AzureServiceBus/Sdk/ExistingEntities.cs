using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace Ductape.MassTransit;

/// <summary>
/// Says of every topic and queue that it is there, without asking: asking needs the right to manage, and what is not
/// there answers when it is sent to or received from.
/// </summary>
internal sealed class ExistingEntities : ServiceBusAdministrationClient
{
    public override Task<Azure.Response<QueueProperties>> GetQueueAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(Azure.Response.FromValue(
            // Nobody reads the values; they are within what the service allows.
            ServiceBusModelFactory.QueueProperties(name, lockDuration: TimeSpan.FromMinutes(1), maxSizeInMegabytes: 1024,
                defaultMessageTimeToLive: TimeSpan.FromDays(1), autoDeleteOnIdle: TimeSpan.FromDays(1),
                duplicateDetectionHistoryTimeWindow: TimeSpan.FromMinutes(1), maxDeliveryCount: 10, userMetadata: ""),
            null!));

    public override Task<Azure.Response<TopicProperties>> GetTopicAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(Azure.Response.FromValue(
            ServiceBusModelFactory.TopicProperties(name, maxSizeInMegabytes: 1024, defaultMessageTimeToLive: TimeSpan.FromDays(1),
                autoDeleteOnIdle: TimeSpan.FromDays(1), duplicateDetectionHistoryTimeWindow: TimeSpan.FromMinutes(1)),
            null!));
}
