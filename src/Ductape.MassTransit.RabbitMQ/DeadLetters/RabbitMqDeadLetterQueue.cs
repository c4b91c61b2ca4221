using System.Diagnostics;
using Ductape.MassTransit.RabbitMQ.Configuration;
using Ductape.MassTransit.RabbitMQ.Messages;
using Ductape.MassTransit.RabbitMQ.Moving;
using Ductape.MassTransit.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.RabbitMQ.DeadLetters;

/// <summary>
/// The error queue of a queue, which is read on the connection for receiving; copies go over the one for publishing.
/// Messages are taken one by one without acknowledging them; what is kept goes back in the end.
/// </summary>
internal sealed class RabbitMqDeadLetterQueue(
    Func<IConnection> connection, RabbitMqMoves moves, string queue, RabbitMqSettings settings) : IDeadLetterQueue
{
    // Copies that wait for their confirmation, which is how many a replay that breaks off can double.
    private const int InFlight = 32;

    // How long those that are in flight may take when the caller has given up: each one that is not confirmed would be
    // doubled.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // How long a copy may wait for the connection for publishing and for its confirmation: that connection may stay
    // away, or be blocked, alone.
    private static readonly TimeSpan MoveLimit = TimeSpan.FromSeconds(30);

    // How long a quorum queue may take to put back what it is given back.
    private static readonly TimeSpan GivenBack = TimeSpan.FromSeconds(1);

    private readonly string _errorQueue = RabbitMqNaming.ErrorQueue(queue);

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var channel = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await CountAsync(channel, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long> ScanAsync(Func<DeadLetterMessage, ValueTask<DeadLetterDecision>> decide, CancellationToken cancellationToken)
    {
        // Closing it gives back whatever was taken and not acknowledged.
        await using var channel = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var there = await CountAsync(channel, cancellationToken).ConfigureAwait(false);
        if (there == 0)
            return 0;

        using var moving = new CancellationTokenSource();
        await using var registration = cancellationToken.UnsafeRegister(static x => ((CancellationTokenSource)x!).CancelAfter(Grace), moving);
        // Without its channel no original can be acknowledged any more, and no copy should be made.
        AsyncEventHandler<ShutdownEventArgs> cancel = (_, _) => moving.CancelAsync();
        channel.ChannelShutdownAsync += cancel;
        var (moves, kept, left) = (new Queue<Task>(InFlight), false, there);
        try
        {
            if (channel.IsClosed)
                await moving.CancelAsync().ConfigureAwait(false);
            for (var i = 0L; i < there; i++)
            {
                if (await channel.BasicGetAsync(_errorQueue, autoAck: false, cancellationToken).ConfigureAwait(false) is not { } message)
                    break;

                var decision = await decide(Describe(message)).ConfigureAwait(false);
                if (moves.Count == InFlight)
                    await moves.Dequeue().ConfigureAwait(false);
                if (decision.Action is DeadLetterAction.Replay or DeadLetterAction.Discard)
                    left--;
                if (decision.Action == DeadLetterAction.Replay)
                    moves.Enqueue(MoveAsync(channel, message, queue, decision.Headers!, moving.Token));
                else if (decision.Action == DeadLetterAction.Discard)
                    await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken).ConfigureAwait(false);
                else if (IsWornOut(message))
                    moves.Enqueue(MoveAsync(channel, message, _errorQueue, [], moving.Token));
                else
                    kept = true;

                if (decision.Action == DeadLetterAction.Stop)
                    break;
            }
        }
        finally
        {
            await Task.WhenAll(moves).ConfigureAwait(false);
            channel.ChannelShutdownAsync -= cancel;
        }

        if (kept)
            await GiveBackAsync(channel, left, cancellationToken).ConfigureAwait(false);
        return there;
    }

    /// <summary>
    /// Puts back what was kept, and waits until the server has all that is left: the next call may look at once.
    /// </summary>
    private async Task GiveBackAsync(IChannel channel, long left, CancellationToken cancellationToken)
    {
        // All at once. Messages that are given back one by one, as a nack of any number is for those that were not
        // pushed, cost the server a walk through the queue each.
        await channel.CloseAsync(cancellationToken).ConfigureAwait(false);
        await using var another = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await CountAsync(another, cancellationToken).ConfigureAwait(false) < left && Stopwatch.GetElapsedTime(began) < GivenBack)
            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
    }

    // Fails while there is no connection: the caller has waited for one, and is told when that is lost.
    private Task<IChannel> OpenAsync(CancellationToken cancellationToken) => connection().CreateChannelAsync(cancellationToken: cancellationToken);

    private async Task<long> CountAsync(IChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            return (await channel.QueueDeclarePassiveAsync(_errorQueue, cancellationToken).ConfigureAwait(false)).MessageCount;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }

    /// <summary>
    /// Sends a copy straight to a queue, and takes the original away when the server has confirmed it.
    /// </summary>
    private async Task MoveAsync(IChannel channel, BasicGetResult message, string to, IEnumerable<KeyValuePair<string, object?>> headers,
        CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(MoveLimit);
        try
        {
            await moves.PublishAsync(new RabbitMqDestination("", to), RabbitMqCopy.PropertiesOf(message.BasicProperties, headers),
                message.Body, limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (channel.CloseReason is { } reason)
        {
            throw new AlreadyClosedException(reason);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the server did not take a copy within {MoveLimit}", exception);
        }
        catch (MessageReturnedException exception)
        {
            throw new InvalidOperationException($"there is no queue '{to}' to send to", exception);
        }

        await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken).ConfigureAwait(false);
    }

    // A quorum queue counts every time that a message is given back, and drops it past the limit: before that, it is
    // written anew at the end. In any other queue the header is a peer's, and of whatever type.
    private bool IsWornOut(BasicGetResult message)
    {
        object? header = null;
        return message.BasicProperties.Headers?.TryGetValue("x-delivery-count", out header) == true
            && header switch
            {
                long count => count,
                int count => count,
                short count => count,
                byte count => count,
                _ => 0,
            } >= Math.Min(settings.DeliveryLimit, 20) - 1;
    }

    private static DeadLetterMessage Describe(BasicGetResult message) => new()
    {
        MessageId = message.BasicProperties.MessageId,
        CorrelationId = message.BasicProperties.CorrelationId,
        ContentType = message.BasicProperties.ContentType,
        Headers = RabbitMqHeaderText.Of(message.BasicProperties.Headers),
        Body = message.Body,
    };
}
