using Ductape.MassTransit.RabbitMQ.Connecting;
using Ductape.MassTransit.RabbitMQ.Publishing;
using Ductape.MassTransit.RabbitMQ.Receiving;
using Ductape.MassTransit.Transports;
using MassTransit.Configuration;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using MassTransit.Util;

namespace Ductape.MassTransit.RabbitMQ.Buses;

/// <summary>
/// The host part of <see cref="RabbitMqBusSetup"/>. A send is tried once. The bus's observers are connected to the
/// endpoints when there are some: MassTransit connects its empty collections, which costs every message a closure for
/// each. There are two connections, since a server that is low on memory or disk stops reading one that publishes,
/// acknowledgements on it included: what this library or the application publishes goes over <see cref="Publishing"/>,
/// and only receive endpoints use <see cref="Receiving"/>.
/// </summary>
internal sealed class RabbitMqBusHost : RabbitMqHostConfiguration, IRabbitMqHostConfiguration, IHostConfiguration
{
    private readonly List<ReceiveEndpointContext> _unobserved = [];
    private readonly IRabbitMqBusConfiguration _bus;
    private readonly Recycle<IConnectionContextSupervisor> _own;
    private readonly Recycle<IConnectionContextSupervisor> _publishing;
    private readonly Recycle<IConnectionContextSupervisor> _receiving;
    private readonly Recycle<IChannelContextSupervisor> _publishChannel;
    private readonly RabbitMqReceivingHost _receivers;
    private readonly Lazy<TopicPublishEndpoints> _publishEndpoints;
    private ReceiveEndpointContext? _busEndpoint;
    private bool _observed;

    public RabbitMqBusHost(IRabbitMqBusConfiguration bus, IRabbitMqTopologyConfiguration topology, Action<string?> blocked, TransportTroubles troubles)
        : base(bus, topology)
    {
        _bus = bus;
        Publishing = new RabbitMqLink(this, "publishing", blocked);
        Receiving = new RabbitMqLink(this, "receiving", null);
        _own = new Recycle<IConnectionContextSupervisor>(() => new RabbitMqConnections(this, topology, Publishing, waits: true));
        _publishing = new Recycle<IConnectionContextSupervisor>(() => new RabbitMqConnections(this, topology, Publishing, waits: false));
        _receiving = new Recycle<IConnectionContextSupervisor>(() => new RabbitMqConnections(this, topology, Receiving, waits: true));
        _publishChannel = new Recycle<IChannelContextSupervisor>(() => new ChannelContextSupervisor(_publishing.Supervisor, null));
        PublishChannels = new RabbitMqPublishChannels(() => _publishing.Supervisor, new RabbitMqRefusals(troubles.Begin, troubles.End));
        _publishEndpoints = new Lazy<TopicPublishEndpoints>(() => new TopicPublishEndpoints(_busEndpoint!, HostAddress, () => LogContext,
            bus.BusEndpointConfiguration.Publish.CreatePipe(), new RabbitMqPublishTransportProvider(_own.Supervisor, (RabbitMqReceiveEndpointContext)_busEndpoint!)));
        _receivers = new RabbitMqReceivingHost(this, () => _receiving.Supervisor);
    }

    /// <summary>The connection that is published on.</summary>
    public RabbitMqLink Publishing { get; }

    /// <summary>The connection of the receive endpoints.</summary>
    public RabbitMqLink Receiving { get; }

    /// <summary>
    /// MassTransit's supervisor of the connection that is published on. While there is none it fails at once.
    /// </summary>
    public IConnectionContextSupervisor PublishingConnections => _publishing.Supervisor;

    /// <summary>What topics are published by, as soon as the bus is built.</summary>
    public TopicPublishEndpoints PublishEndpoints => _publishEndpoints.Value;

    /// <summary>The channel of the topics' publishes.</summary>
    public RabbitMqPublishChannels PublishChannels { get; }

    /// <summary>The channel of MassTransit's sends.</summary>
    public IChannelContextSupervisor PublishChannel => _publishChannel.Supervisor;

    // Of the bus's own endpoint, which receives nothing.
    IConnectionContextSupervisor IRabbitMqHostConfiguration.ConnectionContextSupervisor => _own.Supervisor;

    public override IRetryPolicy SendTransportRetryPolicy { get; } = Retry.None;

    /// <summary>Closes both connections; the bus was stopped before, where it was started.</summary>
    public async Task CloseAsync()
    {
        Publishing.Stop();
        Receiving.Stop();
        await Task.WhenAll(
            _own.Supervisor.Stop("The bus was stopped.", CancellationToken.None),
            _publishing.Supervisor.Stop("The bus was stopped.", CancellationToken.None),
            _receiving.Supervisor.Stop("The bus was stopped.", CancellationToken.None)).ConfigureAwait(false);
        await Task.WhenAll(Publishing.CloseAsync(), Receiving.CloseAsync()).ConfigureAwait(false);
    }

    // As MassTransit does, with the connection for receiving.
    IRabbitMqReceiveEndpointConfiguration IRabbitMqHostConfiguration.CreateReceiveEndpointConfiguration(
        string queueName, Action<IRabbitMqReceiveEndpointConfigurator>? configure)
    {
        var endpoint = _bus.CreateEndpointConfiguration();
        var settings = new RabbitMqReceiveSettings(
            endpoint, queueName, _bus.Topology.Consume.ExchangeTypeSelector.DefaultExchangeType, durable: true, autoDelete: false);
        var configuration = new RabbitMqReceiveEndpointConfiguration(_receivers, settings, endpoint);
        configure?.Invoke(configuration);
        Observers.EndpointConfigured(configuration);
        return configuration;
    }

    ConnectHandle IHostConfiguration.ConnectReceiveEndpointContext(ReceiveEndpointContext context)
    {
        if (context.IsBusEndpoint)
            _busEndpoint = context;
        lock (_unobserved)
        {
            if (_observed)
                return ConnectReceiveEndpointContext(context);

            _unobserved.Add(context);
            return new MultipleConnectHandle();
        }
    }

    ConnectHandle IReceiveObserverConnector.ConnectReceiveObserver(IReceiveObserver observer)
    {
        Observe();
        return ConnectReceiveObserver(observer);
    }

    ConnectHandle IConsumeObserverConnector.ConnectConsumeObserver(IConsumeObserver observer)
    {
        Observe();
        return ConnectConsumeObserver(observer);
    }

    ConnectHandle IPublishObserverConnector.ConnectPublishObserver(IPublishObserver observer)
    {
        Observe();
        return new MultipleConnectHandle(ConnectPublishObserver(observer), PublishEndpoints.ConnectPublishObserver(observer));
    }

    ConnectHandle ISendObserverConnector.ConnectSendObserver(ISendObserver observer)
    {
        Observe();
        return ConnectSendObserver(observer);
    }

    private void Observe()
    {
        lock (_unobserved)
        {
            _observed = true;
            foreach (var context in _unobserved)
                ConnectReceiveEndpointContext(context);
            _unobserved.Clear();
        }
    }
}
