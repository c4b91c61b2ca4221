using Ductape.MassTransit.RabbitMQ.Configuration;
using Ductape.MassTransit.RabbitMQ.Connecting;
using Ductape.MassTransit.RabbitMQ.DeadLetters;
using Ductape.MassTransit.RabbitMQ.Declaring;
using Ductape.MassTransit.RabbitMQ.Failures;
using Ductape.MassTransit.RabbitMQ.Messages;
using Ductape.MassTransit.RabbitMQ.Moving;
using Ductape.MassTransit.RabbitMQ.Receiving;
using Ductape.MassTransit.Transports;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Buses;

/// <summary>
/// MassTransit's RabbitMQ bus, built from its parts because only they give access to the connection itself: MassTransit
/// reports a bus without receive endpoints as healthy whether or not it is connected.
/// </summary>
internal sealed class RabbitMqTransportBus
    : SelfManagedBus, IBlockableBus, IReceiveConnectionBus, IOrderedDeliveryBus, IDeliveryReturningBus, IRedeliveringBus, IDeadLetterBus, IPublishFaultBus,
        IRefusalBus, IRawHeaderBus
{
    // So that the client's own reason comes first where it has one.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly RabbitMqTopics _topics;
    private readonly RabbitMqBusSetup _configuration;
    private readonly TimeSpan _connectLimit;
    private readonly RabbitMqReceiveChannels _channels;
    private readonly RabbitMqMoves _moves;
    private readonly RabbitMqEndpoints _endpoints;

    public RabbitMqTransportBus(RabbitMqSettings settings, TimeProvider time, ILogger logger)
    {
        _topics = new RabbitMqTopics(RabbitMqBusFactory.CreateMessageTopology(), new RabbitMqBindings(GetConnectionAsync, time, logger));
        _configuration = new RabbitMqBusSetup(_topics, SetBlocked, Troubles);
        RabbitMqArguments.KeepFromErrors(((IRabbitMqTopologyConfiguration)_topics).Send);
        var configurator = new RabbitMqBusFactoryConfigurator(_configuration);
        var address = RabbitMqAddress.Of(settings);
        RabbitMqHostSetup.Configure(configurator, settings, address);
        Control = configurator.Build(_configuration);
        PublishEndpoint = new PublishEndpoint(Host.PublishEndpoints);
        _channels = new RabbitMqReceiveChannels(GetConnectionAsync);
        _moves = new RabbitMqMoves(Host.Publishing, Troubles);
        _endpoints = new RabbitMqEndpoints(_topics.Bindings, _channels, _moves);
        // The nodes of a cluster are tried one after another.
        _connectLimit = (settings.ConnectTimeout * address.Nodes.Count()) + Grace;
    }

    public override IPublishEndpoint PublishEndpoint { get; }

    public override BusTraits Traits => BusTraits.RemovesEphemeralQueues;

    public string? Blocked => Host.Publishing.Blocked;

    public Task WhenBlocked => Host.Publishing.WhenBlocked;

    protected override IBusControl Control { get; }

    private RabbitMqBusHost Host => _configuration.Host;

    public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
    {
        var lost = await Host.Publishing.ConnectAsync(_connectLimit, cancellationToken).ConfigureAwait(false);
        await StartOnceAsync(cancellationToken).ConfigureAwait(false);
        return lost;
    }

    public Task<Task<string>> ConnectReceivingAsync(CancellationToken cancellationToken) =>
        Host.Receiving.ConnectAsync(_connectLimit, cancellationToken);

    public Task GiveUpBlockedAsync() => Blocked is null ? Task.CompletedTask : Host.Publishing.CloseAsync();

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

    public override void DeclareTopic(TopicTopology topic) => _topics.Declare(topic);

    public override void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology) => _endpoints.Configure(endpoint, topology);

    // A channel numbers its deliveries without gaps, and nothing else is delivered to a consumer's channel.
    public DeliveryNumber? FindDeliveryNumber(ReceiveContext context) =>
        context.TryGetPayload<RabbitMqBasicConsumeContext>(out var delivery) && context.TryGetPayload<ChannelContext>(out var channel)
            ? new DeliveryNumber(channel.Channel, delivery.DeliveryTag)
            : null;

    public Task ReturnDeliveriesAsync(EndpointTopology topology) => _channels.ReturnDeliveriesAsync(topology);

    public Task AbandonDeliveriesAsync(EndpointTopology topology) => _channels.AbandonDeliveriesAsync(topology);

    public Task RedeliverAsync(DelayedMessage message) => RabbitMqDelayQueue.PutAsync(message, _moves);

    public IDeadLetterQueue GetDeadLetterQueue(string queue, TransportSettings settings) =>
        new RabbitMqDeadLetterQueue(() => Host.Receiving.Get().Connection, _moves, queue, (RabbitMqSettings)settings);

    public bool IsRefusal(Exception exception) => RabbitMqFailures.IsRefusal(exception);

    public string? RemedyFor(Exception exception) => RabbitMqRemedy.For(exception);

    public PublishFault FindPublishFault(Exception exception) => RabbitMqFailures.FindPublishFault(exception);

    public IReadOnlyDictionary<string, object?>? FindHeaders(ReceiveContext context) =>
        context.TryGetPayload<RabbitMqBasicConsumeContext>(out var delivery) && delivery.Properties.Headers is { Count: > 0 } headers
            ? RabbitMqHeaderText.Of(headers)
            : null;

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
}
