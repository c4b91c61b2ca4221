using Ductape.MassTransit.RabbitMQ.Confirming;
using Ductape.MassTransit.RabbitMQ.Deliveries;
using Ductape.MassTransit.RabbitMQ.Messages;
using Ductape.MassTransit.Transports;
using MassTransit.Middleware;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Channels;

/// <summary>
/// MassTransit's context of a channel, which is disposed when nobody waits on it any more. RabbitMQ.Client ends what
/// waits on a channel when it is closed, but forgets it when the channel is disposed before that, and MassTransit
/// disposes a channel as soon as it hears that it was closed: the receive endpoint that declared a queue at that moment
/// would neither start again nor stop.
/// </summary>
internal sealed class RabbitMqChannel : ProxyPipeContext, ChannelContext, IAsyncDisposable
{
    // The client needs moments; whatever it may forget otherwise must not keep the channel.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // The client tells of the end of a channel before it is through with it, and loses the whole connection when it
    // trips over a disposed one. Its consumer learns of the end last; where there is one callback at once, not while
    // that runs.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ConsumerGrace = TimeSpan.FromSeconds(1);

    private readonly ChannelContext _context;
    private readonly int _limit;
    private readonly CallsInFlight _calls = new();
    private readonly RabbitMqConfirmations _confirmations;
    private readonly RabbitMqAcknowledgements _acknowledgements;
    private RabbitMqCountedConsumer? _consumer;

    /// <param name="context">MassTransit's own, on a channel that brings one delivery at a time.</param>
    /// <param name="limit">How many deliveries are handled at once.</param>
    public RabbitMqChannel(ChannelContext context, int limit)
        : base(context)
    {
        _context = context;
        _limit = limit;
        _acknowledgements = new RabbitMqAcknowledgements(context.Channel);
        var connection = context.ConnectionContext.Connection;
        _confirmations = new RabbitMqConfirmations(context.Channel, _calls, RabbitMqFrame.PublishLimitOf(connection.FrameMax),
            () => connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false)));
        AddOrUpdatePayload(() => this, _ => this);
        AddOrUpdatePayload(() => _calls, _ => _calls);
        AddOrUpdatePayload(() => _confirmations, _ => _confirmations);
        AddOrUpdatePayload(() => _acknowledgements, _ => _acknowledgements);
    }

    /// <summary>What waits on it, whoever called.</summary>
    public CallsInFlight Calls => _calls;

    /// <summary>The publishes on it.</summary>
    public RabbitMqConfirmations Confirmations => _confirmations;

    public IChannel Channel => _context.Channel;

    public ConnectionContext ConnectionContext => _context.ConnectionContext;

    public Task BasicPublishAsync(string exchange, string routingKey, bool mandatory, BasicProperties basicProperties, byte[] body, bool awaitAck,
        CancellationToken cancellationToken) =>
        _confirmations.PublishAsync(exchange, routingKey, mandatory, basicProperties, body, cancellationToken).WaitAsync(cancellationToken);

    public ValueTask BasicAck(ulong deliveryTag, bool multiple, CancellationToken cancellationToken)
    {
        _acknowledgements.Add(deliveryTag);
        return default;
    }

    public async Task BasicNack(ulong deliveryTag, bool multiple, bool requeue, CancellationToken cancellationToken)
    {
        await _context.BasicNack(deliveryTag, multiple, requeue, cancellationToken).ConfigureAwait(false);
        // Not before: an acknowledgement of what comes after it would take it along.
        _acknowledgements.Answered(deliveryTag);
    }

    public Task ExchangeBind(
        string destination, string source, string routingKey, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        _calls.RunAsync(() => _context.ExchangeBind(destination, source, routingKey, arguments, cancellationToken));

    public Task ExchangeDeclare(
        string exchange, string type, bool durable, bool autoDelete, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        _calls.RunAsync(() => _context.ExchangeDeclare(exchange, type, durable, autoDelete, arguments, cancellationToken));

    public Task ExchangeDeclarePassive(string exchange, CancellationToken cancellationToken) =>
        _calls.RunAsync(() => _context.ExchangeDeclarePassive(exchange, cancellationToken));

    public Task QueueBind(
        string queue, string exchange, string routingKey, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        _calls.RunAsync(() => _context.QueueBind(queue, exchange, routingKey, arguments, cancellationToken));

    public Task<QueueDeclareOk> QueueDeclare(
        string queue, bool durable, bool exclusive, bool autoDelete, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        _calls.RunAsync(() => _context.QueueDeclare(queue, durable, exclusive, autoDelete, arguments, cancellationToken));

    public Task<QueueDeclareOk> QueueDeclarePassive(string queue, CancellationToken cancellationToken) =>
        _calls.RunAsync(() => _context.QueueDeclarePassive(queue, cancellationToken));

    public Task<uint> QueuePurge(string queue, CancellationToken cancellationToken) =>
        _calls.RunAsync(() => _context.QueuePurge(queue, cancellationToken));

    public Task BasicQos(uint prefetchSize, ushort prefetchCount, bool global, CancellationToken cancellationToken)
    {
        _acknowledgements.Prefetch(prefetchCount);
        return _calls.RunAsync(() => _context.BasicQos(prefetchSize, prefetchCount, global, cancellationToken));
    }

    public Task<string> BasicConsume(string queue, bool noAck, bool exclusive, IDictionary<string, object> arguments, IAsyncBasicConsumer consumer,
        string consumerTag, CancellationToken cancellationToken)
    {
        var counted = _consumer = new RabbitMqCountedConsumer(consumer, _acknowledgements, _limit);
        return _calls.RunAsync(() => _context.BasicConsume(queue, noAck, exclusive, arguments, counted, consumerTag, cancellationToken));
    }

    public Task BasicCancel(string consumerTag, CancellationToken cancellationToken) =>
        _calls.RunAsync(() => _context.BasicCancel(consumerTag, cancellationToken));

    public void NotifyFaulted(Exception exception, Uri inputAddress) => _context.NotifyFaulted(exception, inputAddress);

    public async ValueTask DisposeAsync()
    {
        await _acknowledgements.FlushAsync().WaitAsync(Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var closing = Channel.IsOpen ? Channel.CloseAsync(CancellationToken) : Task.Delay(Grace, TimeProvider.System);
        await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_consumer is not null)
            await _consumer.Ended.WaitAsync(ConsumerGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _calls.DrainAsync().WaitAsync(Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _confirmations.End(new ObjectDisposedException(nameof(IChannel)));
        await ((IAsyncDisposable)_context).DisposeAsync().ConfigureAwait(false);
        _acknowledgements.Dispose();
    }
}
