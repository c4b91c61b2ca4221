using System.Diagnostics;
using MassTransit.Logging;
using MassTransit.Observables;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.RabbitMqTransport.Middleware;
using MassTransit.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit;

/// <summary>
/// MassTransit's transport of one message type's publishes, which keeps the channel from one publish to the next. MassTransit's own asks for
/// it each time, through two supervisors that each make an agent, a context and a linked cancellation token for the call.
/// </summary>
internal sealed class RabbitMqPublishTransport : RabbitMqSendTransportContext, SendTransportContext<ChannelContext>
{
    // As MassTransit names it: whoever listens to the one listens to the other.
    private static readonly ActivitySource Traces = new(DiagnosticHeaders.DefaultListenerName);

    private readonly ChannelContextSupervisor _supervisor;
    private readonly RabbitMqPublishDrain _drain;
    private readonly RabbitMqTopics _topics;
    private readonly ConfigureRabbitMqTopologyFilter<SendSettings> _topology;
    private volatile RabbitMqDirectChannel? _channel;

    public RabbitMqPublishTransport(IRabbitMqHostConfiguration host, ReceiveEndpointContext endpoint, ChannelContextSupervisor supervisor, RabbitMqTopics topics,
        ConfigureRabbitMqTopologyFilter<SendSettings> topology, string exchange, IPipe<ChannelContext> delayTopology, string delayExchange)
        : base(host, endpoint, supervisor, topology, exchange, delayTopology, delayExchange)
    {
        (_topics, _topology) = (topics, topology);
        _supervisor = supervisor;
        _drain = new RabbitMqPublishDrain(() => _channel?.Calls);
    }

    /// <summary>The channel where a publish can go to it at once: the topic is declared on it, and nobody watches. Null otherwise.</summary>
    public RabbitMqDirectChannel? DirectChannel =>
        _channel is { IsDeclared: true, Channel.IsOpen: true } channel && !Traces.HasListeners() && LogContext.Debug is null && !IsObserved ? channel : null;

    // A send endpoint connects its observers, whether or not there are any.
    private bool IsObserved
    {
        get
        {
            foreach (var observer in SendObservers.Connected)
            {
                if (observer is not PublishObservable { Count: 0 })
                    return true;
            }

            return false;
        }
    }

    public override IEnumerable<IAgent> GetAgentHandles() => [.. base.GetAgentHandles(), _drain];

    Task IPipeContextSource<ChannelContext>.Send(IPipe<ChannelContext> pipe, CancellationToken cancellationToken) =>
        _channel is { Channel.IsOpen: true } channel ? pipe.Send(channel) : OpenAsync(pipe, cancellationToken);

    Task SendTransportContext<ChannelContext>.Send<T>(ChannelContext channel, SendContext<T> context) =>
        channel is RabbitMqDirectChannel direct
            ? direct.IsDeclared && RabbitMqPlainPublish.TryPrepare(context) is { } publish
                ? direct.Confirmations.PublishAsync(publish.Exchange, publish.RoutingKey, publish.Mandatory, publish.BasicProperties, publish.Body.GetBytes(),
                    context.CancellationToken)
                : DeclareAsync(direct, context)
            : Send(channel, context);

    /// <summary>Publishes on <see cref="DirectChannel"/>.</summary>
    public Task SendAsync<T>(RabbitMqDirectChannel channel, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = new RabbitMqMessageSendContext<T>(new BasicProperties(), EntityName, message, cancellationToken);
        var piping = pipe.Send(context);
        return piping.IsCompletedSuccessfully ? SendAsync(channel, context) : SendLaterAsync(piping, channel, context);
    }

    private async Task SendLaterAsync<T>(Task piping, RabbitMqDirectChannel channel, RabbitMqMessageSendContext<T> context)
        where T : class
    {
        await piping.ConfigureAwait(false);
        await SendAsync(channel, context).ConfigureAwait(false);
    }

    private Task SendAsync<T>(RabbitMqDirectChannel channel, RabbitMqMessageSendContext<T> context)
        where T : class
    {
        var instrument = LogContext.StartSendInstrument(this, context);
        var sending = ((SendTransportContext<ChannelContext>)this).Send(channel, context);
        return instrument is { } counter ? CountAsync(sending, counter) : sending;
    }

    private static async Task CountAsync(Task sending, StartedInstrument counter)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            counter.AddException(exception);
            throw;
        }
        finally
        {
            counter.Stop();
        }
    }

    private async Task DeclareAsync<T>(RabbitMqDirectChannel channel, SendContext<T> context)
        where T : class
    {
        if (channel.Restoring is { } restoring)
            await restoring.Value.ConfigureAwait(false);
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
            var lacksExchange = _channel?.Channel.CloseReason?.ReplyCode == Constants.NotFound;
            _channel = opened = new RabbitMqDirectChannel(context, _topics.PassiveOf(EntityName));
            if (lacksExchange)
                opened.Restoring = new Lazy<Task>(() => _topics.Bindings.RestoreAsync(EntityName, () => _topology.Configure(opened, CancellationToken.None)));
        });
        // Without the token: what was opened is there for others too.
        await _supervisor.Send(open, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        await pipe.Send(opened!).ConfigureAwait(false);
    }
}
