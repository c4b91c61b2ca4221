using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <content>A build with MassTransit.Azure.ServiceBus.Core.</content>
internal sealed partial class AzureServiceBusTransport
{
    public TransportBus CreateBus(TransportSettings settings) => new AzureServiceBusTransportBus((AzureServiceBusSettings)settings);
}
