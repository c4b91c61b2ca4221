using MassTransit.Configuration;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using MassTransit.Util;

namespace Ductape.MassTransit;

/// <summary>
/// The host part of <see cref="RabbitMqBusParts"/>. A send is tried once. The bus's observers are connected to the endpoints when there
/// are some: MassTransit connects its empty collections, which costs every message a closure for each. The connection is
/// <see cref="RabbitMqConnections"/>'.
/// </summary>
internal sealed class RabbitMqBusHost : RabbitMqHostConfiguration, IRabbitMqHostConfiguration, IHostConfiguration
{
    private readonly List<ReceiveEndpointContext> _unobserved = [];
    private readonly Recycle<IConnectionContextSupervisor> _connections;
    private bool _observed;

    public RabbitMqBusHost(IRabbitMqBusConfiguration bus, IRabbitMqTopologyConfiguration topology)
        : base(bus, topology) => _connections = new Recycle<IConnectionContextSupervisor>(() => new RabbitMqConnections(this, topology));

    IConnectionContextSupervisor IRabbitMqHostConfiguration.ConnectionContextSupervisor => _connections.Supervisor;

    public override IRetryPolicy SendTransportRetryPolicy { get; } = Retry.None;

    ConnectHandle IHostConfiguration.ConnectReceiveEndpointContext(ReceiveEndpointContext context)
    {
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
        return ConnectPublishObserver(observer);
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
