using Ductape.MassTransit.RabbitMQ.Channels;
using Ductape.MassTransit.RabbitMQ.Connecting;
using Ductape.MassTransit.RabbitMQ.Declaring;
using Ductape.MassTransit.RabbitMQ.Publishing;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;

namespace Ductape.MassTransit.RabbitMQ.Buses;

/// <summary>
/// MassTransit's supervisor of one of the two connections of a bus, which <see cref="RabbitMqLink"/> opens. Channels
/// are <see cref="RabbitMqChannel"/>s; whatever is published goes over the connection for publishing, whoever asks, and
/// topics by <see cref="RabbitMqPublishTransport"/>.
/// </summary>
internal sealed class RabbitMqConnections : TransportPipeContextSupervisor<ConnectionContext>, IConnectionContextSupervisor
{
    private readonly RabbitMqBusHost _host;
    private readonly IRabbitMqTopologyConfiguration _topology;
    private readonly IConnectionContextSupervisor _addresses;

    public RabbitMqConnections(RabbitMqBusHost host, IRabbitMqTopologyConfiguration topology, RabbitMqLink link, bool waits)
        : base(new RabbitMqConnectionSource(link, waits))
    {
        _host = host;
        _topology = topology;
        // Opens nothing: only knows addresses.
        _addresses = new ConnectionContextSupervisor(host, topology);
    }

    public Uri NormalizeAddress(Uri address) => _addresses.NormalizeAddress(address);

    Task IPipeContextSource<ConnectionContext>.Send(IPipe<ConnectionContext> pipe, CancellationToken cancellationToken) =>
        Send(Pipe.ExecuteAsync<ConnectionContext>(context => pipe.Send(new RabbitMqConnection(context))), cancellationToken);

    public Task<ISendTransport> CreateSendTransport(
        RabbitMqReceiveEndpointContext receiveEndpointContext, IChannelContextSupervisor channelContextSupervisor, Uri address) =>
        _addresses.CreateSendTransport(receiveEndpointContext, _host.PublishChannel, address);

    public Task<ISendTransport> CreatePublishTransport<T>(
        RabbitMqReceiveEndpointContext receiveEndpointContext, IChannelContextSupervisor channelContextSupervisor)
        where T : class
    {
        LogContext.SetCurrentIfNull(_host.LogContext);
        var publish = _topology.Publish.GetMessageTopology<T>();
        var settings = publish.GetSendSettings(_host.HostAddress);
        var declaration = new RabbitMqTopicDeclaration(settings, publish.GetBrokerTopology(), (RabbitMqTopics)_topology, _host.PublishChannels);
        var transport = new RabbitMqTopicTransport(new RabbitMqPublishTransport(
            _host, receiveEndpointContext, channelContextSupervisor, settings, declaration, _host.PublishChannels));
        // With the endpoint: a bus that stops waits for what it publishes.
        channelContextSupervisor.AddSendAgent(transport);
        return Task.FromResult<ISendTransport>(transport);
    }
}
