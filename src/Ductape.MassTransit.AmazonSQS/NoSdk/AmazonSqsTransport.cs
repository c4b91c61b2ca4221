using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <content>A build without MassTransit.AmazonSQS.</content>
internal sealed partial class AmazonSqsTransport : IUnavailableTransport
{
    public string Unavailable =>
        "it was built without MassTransit.AmazonSQS; where the feed has that package, build with the environment variable CloudTransports=true.";

    public TransportBus CreateBus(TransportSettings settings) => throw new DuctapeException(DuctapeErrorCodes.TransportNotRegistered, Unavailable);
}
