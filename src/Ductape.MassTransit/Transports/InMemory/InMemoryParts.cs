using MassTransit.Configuration;
using MassTransit.InMemoryTransport;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports;

namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>
/// The parts of MassTransit's in-memory bus, with endpoints that receive through <see cref="InMemoryQueueTransport"/>.
/// </summary>
internal sealed class InMemoryParts : InMemoryBusConfiguration, IInMemoryBusConfiguration
{
    private readonly HostParts _host;

    public InMemoryParts(IInMemoryTopologyConfiguration topology)
        : base(topology, null) => _host = new HostParts(this, topology);

    IInMemoryHostConfiguration IInMemoryBusConfiguration.HostConfiguration => _host;

    IHostConfiguration IBusConfiguration.HostConfiguration => _host;

    /// <summary>The exchanges and queues.</summary>
    public IInMemoryTransportProvider Fabric => ((IInMemoryHostConfiguration)_host).TransportProvider;

    ConnectHandle IEndpointConfigurationObserverConnector.ConnectEndpointConfigurationObserver(IEndpointConfigurationObserver observer) =>
        _host.ConnectEndpointConfigurationObserver(observer);

    private sealed class HostParts(InMemoryParts bus, IInMemoryTopologyConfiguration topology)
        : InMemoryHostConfiguration(bus, null, topology), IInMemoryHostConfiguration
    {
        IInMemoryReceiveEndpointConfiguration IInMemoryHostConfiguration.CreateReceiveEndpointConfiguration(
            string queueName, Action<IInMemoryReceiveEndpointConfigurator>? configure) =>
            Create(queueName, bus.CreateEndpointConfiguration(false), configure);

        IInMemoryReceiveEndpointConfiguration IInMemoryHostConfiguration.CreateReceiveEndpointConfiguration(
            string queueName, IInMemoryEndpointConfiguration endpointConfiguration, Action<IInMemoryReceiveEndpointConfigurator>? configure) =>
            Create(queueName, endpointConfiguration, configure);

        private EndpointParts Create(
            string queue, IInMemoryEndpointConfiguration endpoint, Action<IInMemoryReceiveEndpointConfigurator>? configure)
        {
            var configuration = new EndpointParts(this, queue, endpoint);
            configure?.Invoke(configuration);
            Observers.EndpointConfigured(configuration);
            Add(configuration);
            return configuration;
        }
    }

    private sealed class EndpointParts : InMemoryReceiveEndpointConfiguration, IInMemoryReceiveEndpointConfiguration
    {
        private readonly string _queue;

        public EndpointParts(IInMemoryHostConfiguration host, string queue, IInMemoryEndpointConfiguration endpoint)
            : base(host, queue, endpoint) => _queue = queue;

        void IInMemoryReceiveEndpointConfiguration.Build(IHost owner)
        {
            var context = (InMemoryReceiveEndpointContext)CreateReceiveEndpointContext();
            var receiveEndpoint = new ReceiveEndpoint(new InMemoryQueueTransport(context, _queue), context);
            owner.AddReceiveEndpoint(_queue, receiveEndpoint);
            ReceiveEndpoint = receiveEndpoint;
        }
    }
}
