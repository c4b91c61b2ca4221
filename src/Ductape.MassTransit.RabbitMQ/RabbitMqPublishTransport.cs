using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.RabbitMqTransport.Middleware;
using MassTransit.Transports;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit;

/// <summary>
/// MassTransit's transport of one message type's publishes, which keeps the channel from one publish to the next. MassTransit's own asks for
/// it each time, through two supervisors that each make an agent, a context and a linked cancellation token for the call.
/// </summary>
internal sealed class RabbitMqPublishTransport : RabbitMqSendTransportContext, SendTransportContext<ChannelContext>
{
    private readonly ChannelContextSupervisor _supervisor;
    private readonly RabbitMqPublishDrain _drain;
    private volatile RabbitMqDirectChannel? _channel;

    public RabbitMqPublishTransport(IRabbitMqHostConfiguration host, ReceiveEndpointContext endpoint, ChannelContextSupervisor supervisor,
        ConfigureRabbitMqTopologyFilter<SendSettings> topology, string exchange, IPipe<ChannelContext> delayTopology, string delayExchange)
        : base(host, endpoint, supervisor, topology, exchange, delayTopology, delayExchange)
    {
        _supervisor = supervisor;
        _drain = new RabbitMqPublishDrain(() => _channel?.Calls);
    }

    public override IEnumerable<IAgent> GetAgentHandles() => [.. base.GetAgentHandles(), _drain];

    Task IPipeContextSource<ChannelContext>.Send(IPipe<ChannelContext> pipe, CancellationToken cancellationToken) =>
        _channel is { Channel.IsOpen: true } channel ? pipe.Send(channel) : OpenAsync(pipe, cancellationToken);

    Task SendTransportContext<ChannelContext>.Send<T>(ChannelContext channel, SendContext<T> context) =>
        channel is RabbitMqDirectChannel direct
            ? direct.IsDeclared && RabbitMqPlainPublish.TryPrepare(context) is { } publish
                ? direct.BasicPublishAsync(publish.Exchange, publish.RoutingKey, publish.Mandatory, publish.BasicProperties, publish.Body.GetBytes(),
                    publish.AwaitAck, context.CancellationToken)
                : DeclareAsync(direct, context)
            : Send(channel, context);

    private async Task DeclareAsync<T>(RabbitMqDirectChannel channel, SendContext<T> context)
        where T : class
    {
        await Send(channel, context).ConfigureAwait(false);
        channel.IsDeclared = true;
    }

    private async Task OpenAsync(IPipe<ChannelContext> pipe, CancellationToken cancellationToken)
    {
        RabbitMqDirectChannel? opened = null;
        var open = Pipe.Execute<ChannelContext>(context =>
        {
            // Thrown inside of MassTransit's pipe, for it to drop the channel.
            if (!context.Channel.IsOpen)
                throw new AlreadyClosedException(context.Channel.CloseReason!);
            _channel = opened = new RabbitMqDirectChannel(context);
        });
        // Without the token: what was opened is there for others too.
        await _supervisor.Send(open, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        await pipe.Send(opened!).ConfigureAwait(false);
    }
}
