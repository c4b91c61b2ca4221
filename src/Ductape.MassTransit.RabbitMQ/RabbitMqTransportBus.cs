using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Ductape.MassTransit.Transports;
using MassTransit.Configuration;
using MassTransit.Middleware;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using PublishException = RabbitMQ.Client.Exceptions.PublishException;

namespace Ductape.MassTransit;

/// <summary>
/// MassTransit's RabbitMQ bus, built from its parts because only they give access to the connection itself: MassTransit reports a bus
/// without receive endpoints as healthy whether or not it is connected.
/// </summary>
internal sealed class RabbitMqTransportBus : SelfManagedBus
{
    // So that the client's own reason comes first where it has one.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly RabbitMqTopics _topics;
    private readonly RabbitMqBusParts _configuration;
    private readonly TimeSpan _connectLimit;

    // The last of each receive endpoint, by queue.
    private readonly ConcurrentDictionary<string, RabbitMqDirectChannel> _channels = new(StringComparer.Ordinal);
    private readonly RabbitMqMoves _moves;

    public RabbitMqTransportBus(RabbitMqSettings settings, TimeProvider time, ILogger logger)
    {
        _topics = new RabbitMqTopics(RabbitMqBusFactory.CreateMessageTopology(), new RabbitMqBindings(GetConnectionAsync, time, logger));
        _configuration = new RabbitMqBusParts(_topics, SetBlocked, Troubles);
        RabbitMqArguments.KeepFromErrors(((IRabbitMqTopologyConfiguration)_topics).Send);
        var configurator = new RabbitMqBusFactoryConfigurator(_configuration);
        var address = RabbitMqAddress.Of(settings);
        var node = address.Nodes.First();
        configurator.Host(node.Host, node.Port!.Value, address.VirtualHost, Assembly.GetEntryAssembly()?.GetName().Name, x => Configure(x, settings, address));
        Control = configurator.Build(_configuration);
        _moves = new RabbitMqMoves(Host.Publishing, IsConnectionLoss, IsPublishRefusal, Troubles);
        // The nodes of a cluster are tried one after another.
        _connectLimit = (settings.ConnectTimeout * address.Nodes.Count()) + Grace;
    }

    public override bool RemovesEphemeralQueues => true;

    public override bool NumbersDeliveries => true;

    public override bool ReceivesApart => true;

    public override string? Blocked => Host.Publishing.Blocked;

    public override Task WhenBlocked => Host.Publishing.WhenBlocked;

    protected override IBusControl Control { get; }

    private RabbitMqBusHost Host => _configuration.Host;

    public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
    {
        var lost = await Host.Publishing.ConnectAsync(_connectLimit, cancellationToken).ConfigureAwait(false);
        await StartOnceAsync(cancellationToken).ConfigureAwait(false);
        return lost;
    }

    public override Task<Task<string>> ConnectReceivingAsync(CancellationToken cancellationToken) =>
        Host.Receiving.ConnectAsync(_connectLimit, cancellationToken);

    public override Task GiveUpBlockedAsync() => Blocked is null ? Task.CompletedTask : Host.Publishing.CloseAsync();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _topics.Bindings.Stop();
        // The server would neither confirm what waits nor read anything else.
        await GiveUpBlockedAsync().ConfigureAwait(false);
        try
        {
            // MassTransit does not always look at the token while a callback runs.
            await base.StopAsync(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await Host.CloseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override void DeclareTopic(TopicTopology topic)
    {
        _topics.Add(topic);
        var publish = ((IRabbitMqTopologyConfiguration)((IRabbitMqEndpointConfiguration)_configuration).Topology).Publish
            .GetMessageTopology(topic.MessageType);
        if (topic.ExchangeType is not null)
            publish.ExchangeType = topic.ExchangeType;

        foreach (var queue in topic.SubscriberQueues)
        {
            publish.BindQueue(topic.Entity, queue.Name, binding =>
            {
                SetBinding(binding, topic);
                SetQueueArguments(binding, (RabbitMqSettings)queue.Settings, queue.Name, queue.Ordered, queue.Arguments);
            });
        }
    }

    public override void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
    {
        var topic = topology.Topic;
        var settings = (RabbitMqSettings)topic.Settings;
        var rabbit = (IRabbitMqReceiveEndpointConfigurator)endpoint;
        rabbit.ConfigureConsumeTopology = false;
        var passive = RabbitMqPassive.IsAsked(topic) ? new RabbitMqPassive(topic.Entity, topology.Queue) : null;
        rabbit.ConfigureChannel(x => x.UseFilter(new RabbitMqDirectChannelFilter(channel =>
        {
            if (passive is not null && topology.Ephemeral)
                throw new RabbitMqMissingException("an ephemeral queue is made anew for each subscription") { IsEphemeral = true };
            if (passive is null)
                _topics.Bindings.Add(topology);
            _channels[topology.Queue] = channel;
        }, () => _topics.Bindings.Remove(topology), passive)));
        var configuration = (RabbitMqReceiveEndpointConfiguration)endpoint;
        var send = ((IRabbitMqEndpointConfiguration)endpoint).Topology.Send;
        endpoint.ConfigureError(x =>
        {
            x.UseFilter(new GenerateFaultFilter());
            x.UseFilter(new RabbitMqErrorFilter(_moves, new(() => passive is null
                ? RabbitMqDestination.Of(send.GetErrorSettings(configuration.Settings))
                : new RabbitMqDestination("", RabbitMqNaming.ErrorQueue(topology.Queue)))));
        });
        endpoint.ConfigureDeadLetter(x => x.UseFilter(
            new RabbitMqSkippedFilter(_moves, new(() => passive is null
            ? RabbitMqDestination.Of(send.GetDeadLetterSettings(configuration.Settings))
            : new RabbitMqDestination("", $"{topology.Queue}_skipped")))));
        if (topology.RedeliveryDelays.Count > 0)
            rabbit.ConfigureChannel(x => x.UseExecuteAsync(context => RabbitMqDelayQueue.DeclareAllAsync(context, topology)));

        if (topology.Ephemeral)
        {
            rabbit.Durable = false;
            rabbit.AutoDelete = true;
            // By way of the queue's own exchange: MassTransit would make the topic's as short-lived as the queue.
            rabbit.Bind(topic.Entity, binding => SetBinding(binding, topic));
            return;
        }

        // Straight to the queue, which saves the server a step for every message.
        ((IRabbitMqEndpointConfiguration)endpoint).Topology.Consume.BindQueue(topic.Entity, topology.Queue, binding =>
        {
            SetBinding(binding, topic);
            SetQueueArguments(binding, settings, topology.Queue, topic.Ordered, topic.Arguments);
        });
        SetQueueArguments(rabbit, settings, topology.Queue, topic.Ordered, topic.Arguments);
        if (settings.QueueType == RabbitMqQueueType.Quorum && passive is null)
        {
            // The broker moves a message past the delivery limit by itself, so the queue it moves it to has to exist before.
            var error = RabbitMqNaming.ErrorQueue(topology.Queue);
            rabbit.BindDeadLetterQueue(error, error, x => SetQueueArguments(x, settings, topology.Queue, isOrdered: false, null));
        }
    }

    // A channel numbers its deliveries without gaps, and nothing else is delivered to a consumer's channel.
    public override DeliveryNumber? FindDeliveryNumber(ReceiveContext context) =>
        context.TryGetPayload<RabbitMqBasicConsumeContext>(out var delivery) && context.TryGetPayload<ChannelContext>(out var channel)
            ? new DeliveryNumber(channel.Channel, delivery.DeliveryTag)
            : null;

    // MassTransit cancels the consumer first, at which the broker goes on to the next one with what comes after the messages that are still
    // unacknowledged here. With its channel they return before that.
    public override async Task ReturnDeliveriesAsync(EndpointTopology topology)
    {
        var settings = (RabbitMqSettings)topology.Topic.Settings;
        if (topology.Ephemeral || !_channels.TryGetValue(topology.Queue, out var direct) || direct.Channel is not { IsOpen: true } channel)
            return;

        await direct.Acknowledgements.FlushAsync().ConfigureAwait(false);
        // The next consumer of a quorum queue may come before the messages do. With a single active consumer it waits for them.
        if (settings.SingleActiveConsumer)
            await channel.CloseAsync().ConfigureAwait(false);
        else if (settings.QueueType == RabbitMqQueueType.Quorum)
            await RabbitMqReturn.CloseAsync(channel, GetConnectionAsync, topology.Queue).ConfigureAwait(false);
    }

    // MassTransit would close it when the last callback has ended.
    public override async Task AbandonDeliveriesAsync(EndpointTopology topology)
    {
        if (!_channels.TryGetValue(topology.Queue, out var direct) || direct.Channel is not { IsOpen: true } channel)
            return;

        await direct.Acknowledgements.FlushAsync().ConfigureAwait(false);
        await channel.CloseAsync().ConfigureAwait(false);
    }

    public override Task RedeliverAsync(DelayedMessage message) => RabbitMqDelayQueue.PutAsync(message, _moves);

    public override IDeadLetterQueue GetDeadLetterQueue(string queue, TransportSettings settings) =>
        new RabbitMqDeadLetterQueue(() => Host.Receiving.Get().Connection, _moves, queue, (RabbitMqSettings)settings);

    public override bool IsRefusal(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            // Access refused, resource locked, precondition failed (the queue exists otherwise), not allowed.
            if (e is RabbitMqMissingException or OperationInterruptedException { ShutdownReason.ReplyCode: 403 or 405 or 406 or 530 })
                return true;
        }

        return false;
    }

    public override string? RemedyFor(Exception exception) => RabbitMqRemedy.For(exception);

    // An operation that the broker answered with an error says so itself; AlreadyClosed is what the others on the same channel get, and 491 what
    // MassTransit makes of it.
    public override bool IsConnectionLoss(Exception exception) =>
        !IsPublishRefusal(exception)
        && exception is RabbitMqMessageException { IsCertain: false } or ConnectionException or AlreadyClosedException or ObjectDisposedException or IOException
            or OperationCanceledException or OperationInterruptedException { ShutdownReason: null or { ReplyCode: < 400 or 491 or 541 } }
        // A declaration beside a message that made the server close the channel.
        || (exception is OperationInterruptedException { ShutdownReason: { } reason } && RabbitMqMessageException.IsOfAny(reason));

    public override MessageFault FindMessageFault(Exception exception) => exception switch
    {
        RabbitMqMessageException { IsCertain: true } => MessageFault.Certain,
        RabbitMqMessageException => MessageFault.Possible,
        _ => MessageFault.None,
    };

    public override IReadOnlyDictionary<string, object?>? FindHeaders(ReceiveContext context) =>
        context.TryGetPayload<RabbitMqBasicConsumeContext>(out var delivery) && delivery.Properties.Headers is { Count: > 0 } headers
            ? RabbitMqHeaderText.Of(headers)
            : null;

    public override bool IsPublishRefusal(Exception exception) => exception.InnerException is PublishException { IsReturn: false };

    public override bool IsUnroutable(Exception exception) => exception is MessageReturnedException;

    private async Task<IConnection> GetConnectionAsync(CancellationToken cancellationToken) =>
        (await Host.Receiving.WaitAsync(cancellationToken).ConfigureAwait(false)).Connection;

    private void SetBlocked(string? reason)
    {
        const string key = "blocked";
        if (reason is null)
            Troubles.End(key);
        else
            Troubles.Begin(key, $"it takes no publishes at present: the server has an alarm ({reason}). Receiving goes on");
    }

    private static void SetBinding(IRabbitMqExchangeBindingConfigurator binding, TopicTopology topic)
    {
        if (topic.ExchangeType is not null)
            binding.ExchangeType = topic.ExchangeType;
        binding.RoutingKey = topic.RoutingKey ?? "";
    }

    private static void SetQueueArguments(
        IRabbitMqQueueConfigurator queue, RabbitMqSettings settings, string name, bool isOrdered, IReadOnlyDictionary<string, string>? arguments)
    {
        foreach (var (argument, value) in RabbitMqArguments.Read(arguments ?? ImmutableDictionary<string, string>.Empty))
            queue.SetQueueArgument(argument, value);
        if (isOrdered && settings.SingleActiveConsumer)
            queue.SetQueueArgument("x-single-active-consumer", true);
        if (settings.QueueType != RabbitMqQueueType.Quorum)
            return;

        queue.SetQuorumQueue();
        queue.SetQueueArgument("x-delivery-limit", settings.DeliveryLimit);
        queue.SetQueueArgument("x-dead-letter-exchange", RabbitMqNaming.ErrorQueue(name));
    }

    private void Configure(IRabbitMqHostConfigurator host, RabbitMqSettings settings, RabbitMqAddress address)
    {
        host.Username(address.Username);
        host.Password(address.Password);
        host.PublisherConfirmation = true;
        host.Heartbeat(settings.Heartbeat);
        host.RequestedConnectionTimeout(settings.ConnectTimeout);
        host.OnRefreshConnectionFactory = factory =>
        {
            factory.HandshakeContinuationTimeout = settings.ConnectTimeout;
            return Task.CompletedTask;
        };
        if (address.Hosts.Contains(','))
        {
            host.UseCluster(cluster =>
            {
                foreach (var node in address.Nodes)
                    cluster.Node(node.ToString());
            });
        }

        if (address.Tls)
            RabbitMqTls.Configure(host, settings.Tls, address);
    }
}
