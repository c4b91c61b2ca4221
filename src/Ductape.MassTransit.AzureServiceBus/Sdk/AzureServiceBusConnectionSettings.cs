using Azure;
using Azure.Core;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace Ductape.MassTransit;

/// <summary>Gives MassTransit new clients for every connection, which it closes with it.</summary>
internal sealed class AzureServiceBusConnectionSettings(AzureServiceBusSettings settings) : ServiceBusHostSettings
{
    public Uri ServiceUri { get; } = new($"sb://{AzureServiceBusAddress.Of(settings)}/");

    public ServiceBusClient ServiceBusClient => AzureServiceBusClients.Client(settings);

    public ServiceBusAdministrationClient ServiceBusAdministrationClient => AzureServiceBusClients.Administration(settings);

    // What follows MassTransit would make clients of.
    public AzureNamedKeyCredential? NamedKeyCredential => null;

    public AzureSasCredential? SasCredential => null;

    public TokenCredential? TokenCredential => null;

    public string? ConnectionString => settings.ConnectionString;

    public TimeSpan RetryMinBackoff => TimeSpan.FromMilliseconds(100);

    public TimeSpan RetryMaxBackoff => TimeSpan.FromSeconds(5);

    public int RetryLimit => 3;

    public ServiceBusTransportType TransportType =>
        settings.UseWebSockets ? ServiceBusTransportType.AmqpWebSockets : ServiceBusTransportType.AmqpTcp;
}
