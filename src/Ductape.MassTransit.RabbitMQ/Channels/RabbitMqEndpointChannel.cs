using Ductape.MassTransit.RabbitMQ.Confirming;
using Ductape.MassTransit.RabbitMQ.Declaring;
using Ductape.MassTransit.RabbitMQ.Deliveries;
using Ductape.MassTransit.Transports;
using MassTransit.Middleware;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Channels;

/// <summary>
/// MassTransit's context of a channel as one endpoint has it. Publishes go straight to the channel, and
/// acknowledgements to those of the channel. MassTransit's own contexts link cancellation tokens at each of their
/// levels for every call; the channel ends what is under way itself when it is closed.
/// </summary>
/// <param name="context">MassTransit's own, on a <see cref="RabbitMqChannel"/>.</param>
/// <param name="passive">What takes the place of declarations, or null.</param>
internal class RabbitMqEndpointChannel(ChannelContext context, RabbitMqPassiveDeclaration? passive = null) : ProxyPipeContext(context), ChannelContext
{
    /// <summary>What waits on the channel, whoever called.</summary>
    public CallsInFlight Calls { get; } = context.GetPayload<CallsInFlight>();

    /// <summary>The publishes on the channel.</summary>
    public RabbitMqConfirmations Confirmations { get; } = context.GetPayload<RabbitMqConfirmations>();

    /// <summary>The acknowledgements of the channel.</summary>
    public RabbitMqAcknowledgements Acknowledgements { get; } = context.GetPayload<RabbitMqAcknowledgements>();

    /// <summary>Called before it consumes: what the endpoint declares is there.</summary>
    public Action? Declared { get; set; }

    public IChannel Channel { get; } = context.Channel;

    public ConnectionContext ConnectionContext => context.ConnectionContext;

    public Task BasicPublishAsync(string exchange, string routingKey, bool mandatory, BasicProperties basicProperties, byte[] body, bool awaitAck,
        CancellationToken cancellationToken)
    {
        if (passive is not null)
        {
            mandatory |= passive.Destination(exchange, routingKey) != (exchange, routingKey);
            (exchange, routingKey) = passive.Destination(exchange, routingKey);
        }

        return Confirmations.PublishAsync(exchange, routingKey, mandatory, basicProperties, body, cancellationToken).WaitAsync(cancellationToken);
    }

    public ValueTask BasicAck(ulong deliveryTag, bool multiple, CancellationToken cancellationToken)
    {
        Acknowledgements.Add(deliveryTag);
        return default;
    }

    public Task BasicNack(ulong deliveryTag, bool multiple, bool requeue, CancellationToken cancellationToken) =>
        context.BasicNack(deliveryTag, multiple, requeue, cancellationToken);

    public Task ExchangeBind(
        string destination, string source, string routingKey, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        passive is not null ? Task.CompletedTask : context.ExchangeBind(destination, source, routingKey, arguments, cancellationToken);

    public Task ExchangeDeclare(
        string exchange, string type, bool durable, bool autoDelete, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        passive?.ExchangeAsync(context, exchange, cancellationToken) ?? context.ExchangeDeclare(exchange, type, durable, autoDelete, arguments, cancellationToken);

    public Task ExchangeDeclarePassive(string exchange, CancellationToken cancellationToken) =>
        context.ExchangeDeclarePassive(exchange, cancellationToken);

    public Task QueueBind(
        string queue, string exchange, string routingKey, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        passive is not null ? Task.CompletedTask : context.QueueBind(queue, exchange, routingKey, arguments, cancellationToken);

    public Task<QueueDeclareOk> QueueDeclare(
        string queue, bool durable, bool exclusive, bool autoDelete, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        passive?.QueueAsync(context, queue, cancellationToken) ?? context.QueueDeclare(queue, durable, exclusive, autoDelete, arguments, cancellationToken);

    public Task<QueueDeclareOk> QueueDeclarePassive(string queue, CancellationToken cancellationToken) =>
        context.QueueDeclarePassive(queue, cancellationToken);

    public Task<uint> QueuePurge(string queue, CancellationToken cancellationToken) => context.QueuePurge(queue, cancellationToken);

    public Task BasicQos(uint prefetchSize, ushort prefetchCount, bool global, CancellationToken cancellationToken) =>
        context.BasicQos(prefetchSize, prefetchCount, global, cancellationToken);

    public Task<string> BasicConsume(string queue, bool noAck, bool exclusive, IDictionary<string, object> arguments, IAsyncBasicConsumer consumer,
        string consumerTag, CancellationToken cancellationToken)
    {
        Declared?.Invoke();
        return context.BasicConsume(queue, noAck, exclusive, arguments, consumer, consumerTag, cancellationToken);
    }

    public Task BasicCancel(string consumerTag, CancellationToken cancellationToken) => context.BasicCancel(consumerTag, cancellationToken);

    public void NotifyFaulted(Exception exception, Uri inputAddress) => context.NotifyFaulted(exception, inputAddress);
}
