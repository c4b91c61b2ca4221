using MassTransit.Configuration;
using MassTransit.InMemoryTransport;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports;
using MassTransit.Util;

namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>
/// MassTransit's configuration of an in-memory bus, with endpoints that receive through
/// <see cref="InMemoryQueueTransport"/>.
/// </summary>
internal sealed class InMemoryBusSetup : InMemoryBusConfiguration, IInMemoryBusConfiguration
{
    private readonly HostSetup _host;
    private readonly Lazy<TopicPublishEndpoints> _publishEndpoints;

    public InMemoryBusSetup(IInMemoryTopologyConfiguration topology)
        : base(topology, null)
    {
        _host = new HostSetup(this, topology);
        _publishEndpoints = new Lazy<TopicPublishEndpoints>(() => new TopicPublishEndpoints(_host.BusEndpoint!, _host.HostAddress, () => _host.LogContext,
            BusEndpointConfiguration.Publish.CreatePipe(), new InMemoryPublishTransportProvider(Fabric, _host.BusEndpoint!)));
    }

    IInMemoryHostConfiguration IInMemoryBusConfiguration.HostConfiguration => _host;

    IHostConfiguration IBusConfiguration.HostConfiguration => _host;

    /// <summary>What topics are published by, as soon as the bus is built.</summary>
    public TopicPublishEndpoints PublishEndpoints => _publishEndpoints.Value;

    /// <summary>The exchanges and queues.</summary>
    public IInMemoryTransportProvider Fabric => ((IInMemoryHostConfiguration)_host).TransportProvider;

    ConnectHandle IEndpointConfigurationObserverConnector.ConnectEndpointConfigurationObserver(IEndpointConfigurationObserver observer) =>
        _host.ConnectEndpointConfigurationObserver(observer);

    private sealed class HostSetup(InMemoryBusSetup bus, IInMemoryTopologyConfiguration topology)
        : InMemoryHostConfiguration(bus, null, topology), IInMemoryHostConfiguration, IHostConfiguration
    {
        /// <summary>The bus's own endpoint, as soon as the bus is built.</summary>
        public ReceiveEndpointContext? BusEndpoint { get; private set; }

        ConnectHandle IHostConfiguration.ConnectReceiveEndpointContext(ReceiveEndpointContext context)
        {
            if (context.IsBusEndpoint)
                BusEndpoint = context;
            return ConnectReceiveEndpointContext(context);
        }

        ConnectHandle IPublishObserverConnector.ConnectPublishObserver(IPublishObserver observer) =>
            new MultipleConnectHandle(ConnectPublishObserver(observer), bus.PublishEndpoints.ConnectPublishObserver(observer));

        IInMemoryReceiveEndpointConfiguration IInMemoryHostConfiguration.CreateReceiveEndpointConfiguration(
            string queueName, Action<IInMemoryReceiveEndpointConfigurator>? configure) =>
            Create(queueName, bus.CreateEndpointConfiguration(false), configure);

        IInMemoryReceiveEndpointConfiguration IInMemoryHostConfiguration.CreateReceiveEndpointConfiguration(
            string queueName, IInMemoryEndpointConfiguration endpointConfiguration, Action<IInMemoryReceiveEndpointConfigurator>? configure) =>
            Create(queueName, endpointConfiguration, configure);

        private QueueSetup Create(
            string queue, IInMemoryEndpointConfiguration endpoint, Action<IInMemoryReceiveEndpointConfigurator>? configure)
        {
            var configuration = new QueueSetup(this, queue, endpoint);
            configure?.Invoke(configuration);
            Observers.EndpointConfigured(configuration);
            Add(configuration);
            return configuration;
        }
    }

    private sealed class QueueSetup : InMemoryReceiveEndpointConfiguration, IInMemoryReceiveEndpointConfiguration
    {
        private readonly string _queue;

        public QueueSetup(IInMemoryHostConfiguration host, string queue, IInMemoryEndpointConfiguration endpoint)
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
