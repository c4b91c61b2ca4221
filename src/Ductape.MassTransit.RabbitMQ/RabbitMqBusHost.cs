using MassTransit.Configuration;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using MassTransit.Util;

namespace Ductape.MassTransit;

/// <summary>
/// The host part of <see cref="RabbitMqBusParts"/>. A send is tried once. The bus's observers are connected to the endpoints when there
/// are some: MassTransit connects its empty collections, which costs every message a closure for each.
/// </summary>
internal sealed class RabbitMqBusHost(IRabbitMqBusConfiguration bus, IRabbitMqTopologyConfiguration topology)
    : RabbitMqHostConfiguration(bus, topology), IHostConfiguration
{
    private readonly List<ReceiveEndpointContext> _unobserved = [];
    private bool _observed;

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
