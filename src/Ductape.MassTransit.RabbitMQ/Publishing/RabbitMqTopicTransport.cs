using MassTransit.RabbitMqTransport;
using MassTransit.Transports;

namespace Ductape.MassTransit.RabbitMQ.Publishing;

/// <summary>
/// MassTransit's transport of one message type's publishes, which takes a shorter way where nobody watches.
/// MassTransit's own tells an observer that has nobody to tell of every publish, before and after it, and waits for the
/// confirmation twice more.
/// </summary>
internal sealed class RabbitMqTopicTransport(RabbitMqPublishTransport context) : SendTransport<ChannelContext>(context), ISendTransport
{
    Task ISendTransport.Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken) =>
        !IsStopped && context.UnwatchedChannel is { } channel
            ? context.SendAsync(channel, message, pipe, cancellationToken)
            : Send(message, pipe, cancellationToken);
}
