using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <content>A build without MassTransit.Azure.ServiceBus.Core.</content>
internal sealed partial class AzureServiceBusTransport : IUnavailableTransport
{
    public string Unavailable =>
        "it was built without MassTransit.Azure.ServiceBus.Core; where the feed has that package, build with the environment variable CloudTransports=true.";

    public TransportBus CreateBus(TransportSettings settings) => throw new DuctapeException(DuctapeErrorCodes.TransportNotRegistered, Unavailable);
}
