using Azure.Messaging.ServiceBus.Administration;
using MassTransit.AzureServiceBusTransport;

namespace Ductape.MassTransit;

/// <summary>An error queue as it is created: without sessions, and with room for many looks at a message.</summary>
internal static class AzureServiceBusErrorQueue
{
    /// <summary>The fewest deliveries that an error queue allows which somebody else has created: MassTransit's default.</summary>
    public const int LeastDeliveries = 5;

    private const int MostDeliveries = 2000;

    public static CreateQueueOptions OptionsOf(string name, AzureServiceBusSettings settings)
    {
        var options = Defaults.GetCreateQueueOptions(name);
        options.LockDuration = settings.LockDuration;
        options.MaxDeliveryCount = MostDeliveries;
        return options;
    }
}
