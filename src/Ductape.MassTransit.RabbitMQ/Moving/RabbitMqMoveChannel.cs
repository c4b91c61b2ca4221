using Ductape.MassTransit.RabbitMQ.Confirming;
using Ductape.MassTransit.RabbitMQ.Connecting;
using Ductape.MassTransit.RabbitMQ.Messages;
using Ductape.MassTransit.Transports;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Moving;

/// <summary>
/// A channel of the connection for publishing, for messages that were received. Never disposed, only closed: what waits
/// on it ends with it.
/// </summary>
internal sealed class RabbitMqMoveChannel
{
    private readonly RabbitMqConfirmations _confirmations;
    private readonly uint _frameMax;

    private RabbitMqMoveChannel(IChannel channel, uint frameMax)
    {
        Channel = channel;
        _frameMax = frameMax;
        _confirmations = new RabbitMqConfirmations(channel, new CallsInFlight());
    }

    public IChannel Channel { get; }

    public static async Task<RabbitMqMoveChannel> OpenAsync(RabbitMqOpenConnection connection, CancellationToken cancellationToken)
    {
        var channel = await connection.Connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false, consumerDispatchConcurrency: 1),
            cancellationToken).ConfigureAwait(false);
        return new RabbitMqMoveChannel(channel, connection.Connection.FrameMax);
    }

    /// <summary>
    /// Publishes a message, with its properties cut to what fits; complete when the server has confirmed it.
    /// </summary>
    public Task PublishAsync(
        string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        RabbitMqPropertyCut.Fit(properties, _frameMax);
        return _confirmations.PublishAsync(exchange, routingKey, mandatory: true, properties, body, cancellationToken).WaitAsync(cancellationToken);
    }
}
