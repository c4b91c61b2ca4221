using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using MassTransit.Configuration;
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
    private volatile ITcpClient? _socket;
    private Task _connecting = Task.CompletedTask;

    public RabbitMqTransportBus(RabbitMqSettings settings, TimeProvider time, ILogger logger)
    {
        _topics = new RabbitMqTopics(RabbitMqBusFactory.CreateMessageTopology(), new RabbitMqBindings(GetConnectionAsync, time, logger));
        _configuration = new RabbitMqBusParts(_topics);
        RabbitMqArguments.KeepFromErrors(((IRabbitMqTopologyConfiguration)_topics).Send);
        var configurator = new RabbitMqBusFactoryConfigurator(_configuration);
        var address = RabbitMqAddress.Of(settings);
        var node = address.Nodes.First();
        configurator.Host(node.Host, node.Port!.Value, address.VirtualHost, Assembly.GetEntryAssembly()?.GetName().Name, x => Configure(x, settings, address));
        Control = configurator.Build(_configuration);
        // The nodes of a cluster are tried one after another.
        _connectLimit = (settings.ConnectTimeout * address.Nodes.Count()) + Grace;
    }

    public override bool RemovesEphemeralQueues => true;

    public override bool NumbersDeliveries => true;

    protected override IBusControl Control { get; }

    public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
    {
        var lost = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var watch = Pipe.Execute<ConnectionContext>(context =>
        {
            var connection = context.Connection;
            connection.ConnectionShutdownAsync += (_, reason) =>
            {
                lost.TrySetResult($"the connection was closed ({reason.ReplyCode}, {reason.ReplyText})");
                return Task.CompletedTask;
            };
            if (!connection.IsOpen)
                lost.TrySetResult("the connection was closed");
        });
        // Without the token: what comes of an attempt that was given up has to be closed.
        var connecting = _connecting = _configuration.HostConfiguration.ConnectionContextSupervisor.Send(watch, CancellationToken.None);
        try
        {
            await connecting.WaitAsync(_connectLimit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The client waits for the first word of a server without a limit, and so would every attempt that joins this one.
            _socket?.Close();
            _ = connecting.ContinueWith(
                static x => x.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new TimeoutException($"the server accepted the connection and did not answer within {_connectLimit}");
        }

        await StartOnceAsync(cancellationToken).ConfigureAwait(false);
        return lost.Task;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _topics.Bindings.Stop();
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // MassTransit does not give an attempt to connect up, and would leave open what comes out of it.
        if (!_connecting.IsCompleted)
            _ = CloseAsync(_connecting);
        else
            await CloseAsync(_connecting).WaitAsync(cancellationToken).ConfigureAwait(false);
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
                throw new RabbitMqMissingException("an ephemeral queue is made anew for each subscription");
            if (passive is null)
                _topics.Bindings.Add(topology);
            _channels[topology.Queue] = channel;
        }, () => _topics.Bindings.Remove(topology), passive)));
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

    public override Task RedeliverAsync(DelayedMessage message) => RabbitMqDelayQueue.PutAsync(message);

    public override IDeadLetterQueue GetDeadLetterQueue(string queue, TransportSettings settings) =>
        new RabbitMqDeadLetterQueue(GetConnectionAsync, queue, (RabbitMqSettings)settings);

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

    private async Task CloseAsync(Task connecting)
    {
        await connecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _configuration.HostConfiguration.ConnectionContextSupervisor.Stop("The bus was stopped.", CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<IConnection> GetConnectionAsync(CancellationToken cancellationToken)
    {
        IConnection? connection = null;
        var look = Pipe.Execute<ConnectionContext>(context => connection = context.Connection);
        await _configuration.HostConfiguration.ConnectionContextSupervisor.Send(look, cancellationToken).ConfigureAwait(false);
        return connection!;
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
            factory.SocketFactory = family => _socket = ConnectionFactoryBase.DefaultSocketFactory(family);
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
