using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ductape.MassTransit.RabbitMQ.Deliveries;

/// <summary>
/// MassTransit's consumer, whose deliveries <see cref="RabbitMqAcknowledgements"/> counts, and whose end is told.
/// </summary>
/// <param name="consumer">MassTransit's.</param>
/// <param name="acknowledgements">Those of the channel.</param>
/// <param name="limit">How many deliveries are handled at once, of a channel that brings one at a time.</param>
internal sealed class RabbitMqCountedConsumer(IAsyncBasicConsumer consumer, RabbitMqAcknowledgements acknowledgements, int limit) : IAsyncBasicConsumer
{
    private readonly RabbitMqDispatcher? _dispatcher = limit > 1 ? new RabbitMqDispatcher(consumer, limit) : null;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IChannel? Channel => consumer.Channel;

    /// <summary>Completes when it was cancelled or its channel closed, and the client has said so.</summary>
    public Task Ended => _ended.Task;

    public Task HandleBasicDeliverAsync(string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        acknowledgements.Begin();
        if (_dispatcher is not null)
        {
            _dispatcher.Add(consumerTag, deliveryTag, redelivered, exchange, routingKey, properties, body, cancellationToken);
            return Task.CompletedTask;
        }

        return consumer.HandleBasicDeliverAsync(consumerTag, deliveryTag, redelivered, exchange, routingKey, properties, body, cancellationToken);
    }

    public Task HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken = default) =>
        consumer.HandleBasicConsumeOkAsync(consumerTag, cancellationToken);

    public Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _ended.TrySetResult();
        return consumer.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }

    public Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _ended.TrySetResult();
        return consumer.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
    }

    public Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        _dispatcher?.Clear();
        _ended.TrySetResult();
        return consumer.HandleChannelShutdownAsync(channel, reason);
    }
}
