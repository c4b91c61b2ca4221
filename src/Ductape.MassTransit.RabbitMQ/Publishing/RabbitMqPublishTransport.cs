using System.Diagnostics;
using MassTransit.Logging;
using MassTransit.Observables;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.RabbitMqTransport.Middleware;
using MassTransit.RabbitMqTransport.Topology;
using MassTransit.Transports;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>
/// MassTransit's transport of one message type's publishes, which keeps the channel from one publish to the next.
/// MassTransit's own asks for it each time, through two supervisors that each make an agent, a context and a linked
/// cancellation token for the call.
/// </summary>
internal sealed class RabbitMqPublishTransport : RabbitMqSendTransportContext, SendTransportContext<ChannelContext>
{
    // As MassTransit names it: whoever listens to the one listens to the other.
    private static readonly ActivitySource Traces = new(DiagnosticHeaders.DefaultListenerName);

    private readonly RabbitMqPublishChannels _channels;
    private readonly RabbitMqTopicDeclaration _declaration;
    private readonly RabbitMqPublishDrain _drain;
    private volatile RabbitMqTopicChannel? _channel;

    /// <param name="host">The host part of the bus.</param>
    /// <param name="endpoint">The endpoint that publishes.</param>
    /// <param name="supervisor">Its channel, which is not published on.</param>
    /// <param name="settings">The exchange of the topic.</param>
    /// <param name="declaration">What is declared before the first publish.</param>
    /// <param name="channels">Where the publishes go to.</param>
    public RabbitMqPublishTransport(IRabbitMqHostConfiguration host, ReceiveEndpointContext endpoint, IChannelContextSupervisor supervisor,
        SendSettings settings, RabbitMqTopicDeclaration declaration, RabbitMqPublishChannels channels)
        // MassTransit is given nothing to declare, and so does not do it on the channel of the publishes.
        : base(host, endpoint, supervisor,
            new ConfigureRabbitMqTopologyFilter<SendSettings>(settings, new PublishEndpointBrokerTopologyBuilder().BuildBrokerTopology()), settings.ExchangeName,
            DelayOf(settings, host).Topology, DelayOf(settings, host).Exchange)
    {
        _channels = channels;
        _declaration = declaration;
        _drain = new RabbitMqPublishDrain(() => _channel?.Calls);
    }

    /// <summary>
    /// The channel where a publish can go to it at once: the topic is declared on it, and nobody watches. Null
    /// otherwise.
    /// </summary>
    public RabbitMqTopicChannel? UnwatchedChannel =>
        ReadyChannel is { } channel && !Traces.HasListeners() && LogContext.Debug is null && !IsObserved ? channel : null;

    private RabbitMqTopicChannel? ReadyChannel => _channel is { IsDeclared: true, Source.IsUsable: true } channel ? channel : null;

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

    public override IEnumerable<IAgent> GetAgentHandles() => [_drain];

    Task IPipeContextSource<ChannelContext>.Send(IPipe<ChannelContext> pipe, CancellationToken cancellationToken) =>
        ReadyChannel is { } channel ? pipe.Send(channel) : SendAsync(pipe, cancellationToken);

    Task SendTransportContext<ChannelContext>.Send<T>(ChannelContext channel, SendContext<T> context) =>
        channel is RabbitMqTopicChannel topic
            ? !topic.IsDeclared
                ? SendUndeclaredAsync(topic, context)
                : RabbitMqHeaderlessPublish.TryPrepare(context) is { } publish
                    ? topic.Confirmations.PublishAsync(publish.Exchange, publish.RoutingKey, publish.Mandatory, publish.BasicProperties,
                        publish.Body.GetBytes(), context.CancellationToken)
                    : Send(channel, context)
            : Send(channel, context);

    /// <summary>Publishes on <see cref="UnwatchedChannel"/>.</summary>
    public Task SendAsync<T>(RabbitMqTopicChannel channel, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = new RabbitMqMessageSendContext<T>(new BasicProperties(), EntityName, message, cancellationToken);
        var piping = pipe.Send(context);
        return piping.IsCompletedSuccessfully ? SendAsync(channel, context) : SendLaterAsync(piping, channel, context);
    }

    private async Task SendLaterAsync<T>(Task piping, RabbitMqTopicChannel channel, RabbitMqMessageSendContext<T> context)
        where T : class
    {
        await piping.ConfigureAwait(false);
        await SendAsync(channel, context).ConfigureAwait(false);
    }

    private Task SendAsync<T>(RabbitMqTopicChannel channel, RabbitMqMessageSendContext<T> context)
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

    // The queues are there as a rule. Where they are not, the message must not be lost.
    private async Task SendUndeclaredAsync<T>(RabbitMqTopicChannel channel, SendContext<T> context)
        where T : class
    {
        if (_declaration.HasQueues && context is RabbitMqSendContext message)
            message.Mandatory = true;
        try
        {
            await Send(channel, context).ConfigureAwait(false);
        }
        catch (MessageReturnedException exception) when (_declaration.HasQueues)
        {
            _declaration.RequireDeclared();
            throw new RabbitMqConnectionException("RabbitMQ returned the message, since its queues are not declared yet.", exception);
        }
    }

    private static (IPipe<ChannelContext> Topology, string Exchange) DelayOf(SendSettings settings, IRabbitMqHostConfiguration host)
    {
        var delay = settings.GetSendAddress(host.HostAddress).GetDelaySettings();
        return (new ConfigureRabbitMqTopologyFilter<DelaySettings>(delay, delay.GetBrokerTopology()).ToPipe(), delay.ExchangeName);
    }

    private async Task SendAsync(IPipe<ChannelContext> pipe, CancellationToken cancellationToken)
    {
        // Without the token: what was opened is there for others too.
        var source = await _channels.GetAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var channel = _channel;
        if (channel?.Source != source)
            _channel = channel = new RabbitMqTopicChannel(new ScopeChannelContext(source.Context, CancellationToken.None), source);
        if (!channel.IsDeclared)
            channel.IsDeclared = await _declaration.EnsureAsync(source, cancellationToken).ConfigureAwait(false);
        await pipe.Send(channel).ConfigureAwait(false);
    }
}
