using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.RabbitMqTransport.Middleware;
using MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// MassTransit's supervisor of the connection, with publishes that go through <see cref="RabbitMqPublishTransport"/> and channels that are
/// <see cref="RabbitMqChannel"/>s.
/// </summary>
internal sealed class RabbitMqConnections : ConnectionContextSupervisor, IConnectionContextSupervisor
{
    private readonly IRabbitMqHostConfiguration _host;
    private readonly IRabbitMqTopologyConfiguration _topology;

    public RabbitMqConnections(IRabbitMqHostConfiguration host, IRabbitMqTopologyConfiguration topology)
        : base(host, topology)
    {
        _host = host;
        _topology = topology;
    }

    Task IPipeContextSource<ConnectionContext>.Send(IPipe<ConnectionContext> pipe, CancellationToken cancellationToken) =>
        Send(Pipe.ExecuteAsync<ConnectionContext>(context => pipe.Send(new RabbitMqConnection(context))), cancellationToken);

    Task<ISendTransport> IConnectionContextSupervisor.CreatePublishTransport<T>(
        RabbitMqReceiveEndpointContext receiveEndpointContext, IChannelContextSupervisor channelContextSupervisor)
    {
        LogContext.SetCurrentIfNull(_host.LogContext);
        var publish = _topology.Publish.GetMessageTopology<T>();
        var settings = publish.GetSendSettings(_host.HostAddress);
        var delay = settings.GetSendAddress(_host.HostAddress).GetDelaySettings();
        var transport = new RabbitMqTopicTransport(new RabbitMqPublishTransport(
            _host,
            receiveEndpointContext,
            new ChannelContextSupervisor(channelContextSupervisor),
            (RabbitMqTopics)_topology,
            new ConfigureRabbitMqTopologyFilter<SendSettings>(settings, publish.GetBrokerTopology()),
            publish.Exchange.ExchangeName,
            new ConfigureRabbitMqTopologyFilter<DelaySettings>(delay, delay.GetBrokerTopology()).ToPipe(),
            delay.ExchangeName));
        channelContextSupervisor.AddSendAgent(transport);
        return Task.FromResult<ISendTransport>(transport);
    }
}
