using Ductape.MassTransit.Transports;
using MassTransit.Configuration;
using MassTransit.RabbitMqTransport.Configuration;

namespace Ductape.MassTransit.RabbitMQ.Buses;

/// <summary>
/// MassTransit's configuration of a RabbitMQ bus, without its own retries of a send: those go on for two minutes and
/// more after the caller has given up, wait up to half a minute after the broker is back, and send what the broker
/// refused again and again.
/// </summary>
internal sealed class RabbitMqBusSetup : RabbitMqBusConfiguration, IRabbitMqBusConfiguration
{
    private readonly RabbitMqBusHost _host;

    /// <param name="topology">The topology.</param>
    /// <param name="blocked">Is told when the server begins to take no publishes, with its reason, and when that ends,
    /// with null.</param>
    /// <param name="troubles">Is told of topics that get nothing but refusals.</param>
    public RabbitMqBusSetup(IRabbitMqTopologyConfiguration topology, Action<string?> blocked, TransportTroubles troubles)
        : base(topology) => _host = new RabbitMqBusHost(this, topology, blocked, troubles);

    /// <summary>The host part.</summary>
    public RabbitMqBusHost Host => _host;

    public new IRabbitMqHostConfiguration HostConfiguration => _host;

    IHostConfiguration IBusConfiguration.HostConfiguration => _host;

    public new ConnectHandle ConnectEndpointConfigurationObserver(IEndpointConfigurationObserver observer) =>
        _host.ConnectEndpointConfigurationObserver(observer);
}
