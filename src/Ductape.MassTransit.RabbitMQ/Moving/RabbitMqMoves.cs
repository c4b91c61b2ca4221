using System.Diagnostics;
using Ductape.MassTransit.RabbitMQ.Connecting;
using Ductape.MassTransit.RabbitMQ.Deliveries;
using Ductape.MassTransit.RabbitMQ.Failures;
using Ductape.MassTransit.Transports;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ductape.MassTransit.RabbitMQ.Moving;

/// <summary>
/// Moves messages that were received to other queues, over the connection for publishing: to <c>_error</c> and
/// <c>_skipped</c>, to the queues of delays, and back from <c>_error</c>. Thread-safe.
/// </summary>
/// <param name="link">The connection.</param>
/// <param name="troubles">Is told what cannot be moved.</param>
internal sealed class RabbitMqMoves(RabbitMqLink link, TransportTroubles troubles)
{
    // How long a callback's place is kept for it. After that the message waits beside, unacknowledged.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    // A server may keep rejecting all that comes on a channel after the one who led a queue is gone. Not more often
    // than this, since a queue may just be full.
    private static readonly TimeSpan BetweenChannels = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile RabbitMqMoveChannel? _channel;
    private long _opened;

    /// <summary>The properties of a message that was received, with headers that are its own.</summary>
    public static BasicProperties PropertiesOf(ReceiveContext context)
    {
        var original = context.GetPayload<RabbitMqBasicConsumeContext>().Properties;
        return new BasicProperties(original)
        {
            Headers = original.Headers is null ? [] : new Dictionary<string, object?>(original.Headers),
        };
    }

    /// <summary>Publishes a message once; complete when the server has confirmed it.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="properties">The properties, which must be this message's own.</param>
    /// <param name="body">The body, which must not change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MessageReturnedException">There is no such queue.</exception>
    public async Task PublishAsync(
        RabbitMqDestination destination, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var channel = await GetChannelAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (destination.DeclareAsync is { } declareAsync)
                await declareAsync(channel.Channel, cancellationToken).ConfigureAwait(false);
            await channel.PublishAsync(destination.Exchange, destination.RoutingKey ?? "", properties, body, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RabbitMqFailures.IsPublishRefusal(exception) && Stopwatch.GetElapsedTime(Volatile.Read(ref _opened)) > BetweenChannels)
        {
            Interlocked.CompareExchange(ref _channel, null, channel);
            _ = channel.Channel.CloseAsync(CancellationToken.None).ContinueWith(
                static x => x.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>
    /// Moves a message that is being received, and tries again with growing waits until it has moved or its channel is
    /// closed. Where that takes long, the task completes before, for another callback to have its turn, and the message
    /// is acknowledged when it has moved.
    /// </summary>
    /// <param name="received">The message.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="properties">The properties, which must be this message's own.</param>
    /// <param name="goesElsewhere">Whether the caller has another way for what cannot be moved, and wants the
    /// failure.</param>
    public async Task MoveAsync(ReceiveContext received, RabbitMqDestination destination, BasicProperties properties, bool goesElsewhere)
    {
        var (channel, delivery) = (received.GetPayload<ChannelContext>(), received.GetPayload<RabbitMqBasicConsumeContext>());
        var there = destination.RoutingKey is null ? destination with { RoutingKey = delivery.RoutingKey } : destination;
        var moving = MoveAsync(channel.Channel, there, properties, received.GetBody(), goesElsewhere);
        await Task.WhenAny(moving, Task.Delay(Patience, TimeProvider.System)).ConfigureAwait(false);
        if (moving.IsCompleted)
        {
            await moving.ConfigureAwait(false);
            return;
        }

        var acknowledgements = channel.GetPayload<RabbitMqAcknowledgements>();
        acknowledgements.Hold(delivery.DeliveryTag);
        _ = EndAsync(moving, channel.Channel, acknowledgements, delivery.DeliveryTag);
    }

    private static async Task EndAsync(Task moving, IChannel channel, RabbitMqAcknowledgements acknowledgements, ulong deliveryTag)
    {
        try
        {
            await moving.ConfigureAwait(false);
            acknowledgements.Moved(deliveryTag);
        }
        catch (OperationCanceledException)
        {
            // Its channel is closed: the server delivers it again.
        }
        catch (Exception)
        {
            // Nobody waits for the failure any more: from the beginning.
            await ((Task)channel.BasicNackAsync(deliveryTag, multiple: false, requeue: true).AsTask())
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            acknowledgements.Returned(deliveryTag);
        }
    }

    private async Task MoveAsync(IChannel from, RabbitMqDestination destination, BasicProperties properties, byte[] body, bool goesElsewhere)
    {
        using var closed = new CancellationTokenSource();
        AsyncEventHandler<ShutdownEventArgs> cancel = (_, _) => closed.CancelAsync();
        from.ChannelShutdownAsync += cancel;
        try
        {
            if (from.IsClosed)
                await closed.CancelAsync().ConfigureAwait(false);
            for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
            {
                try
                {
                    await PublishAsync(destination, properties, body, closed.Token).ConfigureAwait(false);
                    troubles.End(destination.Name);
                    return;
                }
                catch (Exception exception) when (!closed.IsCancellationRequested && (RabbitMqFailures.IsConnectionLoss(exception) || !goesElsewhere))
                {
                    // A lost connection tells of itself.
                    if (!RabbitMqFailures.IsConnectionLoss(exception))
                        troubles.Begin(destination.Name, Explain(destination, exception));
                }

                await Task.Delay(delay, TimeProvider.System, closed.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            from.ChannelShutdownAsync -= cancel;
        }
    }

    private string Explain(RabbitMqDestination destination, Exception exception) =>
        $"failed messages cannot be moved to {destination.Name} and wait unacknowledged: " + exception switch
        {
            MessageReturnedException => "there is no such queue: make it, or let the library make it with \"Declare\": \"create\"",
            _ when RabbitMqFailures.IsPublishRefusal(exception) => "the server refuses them, so the queue is full (its length limit with reject-publish) or not available",
            _ when RabbitMqRemedy.For(exception) is { } remedy => $"{exception.Message}. {remedy.TrimEnd('.')}",
            _ => exception.Message,
        };

    private async Task<RabbitMqMoveChannel> GetChannelAsync(CancellationToken cancellationToken)
    {
        if (_channel is { Channel.IsOpen: true } channel)
            return channel;

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_channel is { Channel.IsOpen: true } opened)
                return opened;

            var connection = await link.WaitAsync(cancellationToken).ConfigureAwait(false);
            var next = await RabbitMqMoveChannel.OpenAsync(connection, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _opened, Stopwatch.GetTimestamp());
            return _channel = next;
        }
        finally
        {
            _opening.Release();
        }
    }
}
