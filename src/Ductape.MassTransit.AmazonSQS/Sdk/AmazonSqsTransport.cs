using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <content>A build with MassTransit.AmazonSQS.</content>
internal sealed partial class AmazonSqsTransport
{
    public TransportBus CreateBus(TransportSettings settings) => new AmazonSqsTransportBus((AmazonSqsSettings)settings);
}
