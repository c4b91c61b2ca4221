using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>Azure's clients as the settings want them.</summary>
internal static class AzureServiceBusClients
{
    public static ServiceBusClient Client(AzureServiceBusSettings settings)
    {
        var options = new ServiceBusClientOptions
        {
            TransportType = settings.UseWebSockets ? ServiceBusTransportType.AmqpWebSockets : ServiceBusTransportType.AmqpTcp,
        };
        return settings.ConnectionString is { } connectionString
            ? new ServiceBusClient(connectionString, options)
            : new ServiceBusClient(AzureServiceBusAddress.Full(settings.Namespace), new DefaultAzureCredential(), options);
    }

    public static ServiceBusAdministrationClient Administration(AzureServiceBusSettings settings) => settings switch
    {
        { Provision: Provision.None } => new ExistingEntities(),
        { ConnectionString: { } connectionString } => new ServiceBusAdministrationClient(connectionString),
        _ => new ServiceBusAdministrationClient(AzureServiceBusAddress.Full(settings.Namespace), new DefaultAzureCredential()),
    };
}
