using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// The dead letters of a queue: those that a callback failed on, in its <c>_error</c> queue, and those that Service Bus
/// itself gave up on, in the queue's own dead-letter queue. Looking at them needs no lock; to be moved they are locked,
/// and what is kept is given back in the end.
/// </summary>
/// <param name="senders">The connection.</param>
/// <param name="administration">Who can count without reading; null without the right to manage.</param>
/// <param name="queue">The queue where they failed.</param>
internal sealed class AzureServiceBusDeadLetterQueue(
    AzureServiceBusSenders senders, ServiceBusAdministrationClient? administration, string queue) : IDeadLetterQueue
{
    private const int MostAtOnce = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // How long one that is being moved may take when the caller has given up: it would be doubled.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly string _errorQueue = $"{queue}_error";

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        if (administration is null)
        {
            var count = 0L;
            await BrowseAsync(_ => count++ < long.MaxValue, cancellationToken).ConfigureAwait(false);
            return count;
        }

        return await CountAsync(_errorQueue, x => x.ActiveMessageCount, cancellationToken).ConfigureAwait(false)
            + await CountAsync(queue, x => x.DeadLetterMessageCount, cancellationToken).ConfigureAwait(false);
    }

    public async Task BrowseAsync(Func<DeadLetterMessage, bool> look, CancellationToken cancellationToken)
    {
        foreach (var options in Sources())
        {
            await using var receiver = Receiver(options);
            if (!await BrowseAsync(receiver, look, cancellationToken).ConfigureAwait(false))
                return;
        }
    }

    public async Task<long> ScanAsync(Func<DeadLetterMessage, ValueTask<DeadLetterDecision>> decide, CancellationToken cancellationToken)
    {
        var there = await CountAsync(cancellationToken).ConfigureAwait(false);
        var scan = new AzureServiceBusScan(decide, there);
        foreach (var options in Sources())
        {
            await using var receiver = Receiver(options);
            await ScanAsync(receiver, scan, cancellationToken).ConfigureAwait(false);
        }

        return there;
    }

    private async Task ScanAsync(ServiceBusReceiver receiver, AzureServiceBusScan scan, CancellationToken cancellationToken)
    {
        await using var held = new AzureServiceBusHeldMessages(receiver);
        using var moving = new CancellationTokenSource();
        await using var registration = cancellationToken.UnsafeRegister(static x => ((CancellationTokenSource)x!).CancelAfter(Grace), moving);
        while (scan.GoesOn)
        {
            var batch = await ReceiveAsync(receiver, (int)Math.Min(MostAtOnce, scan.Remaining), cancellationToken).ConfigureAwait(false);
            if (batch.Count == 0)
                return;

            foreach (var message in batch)
                held.Hold(message);
            foreach (var message in batch)
            {
                if (!scan.GoesOn)
                    return;

                var decision = await scan.DecideAsync(Describe(message)).ConfigureAwait(false);
                if (decision.Action == DeadLetterAction.Replay)
                    await MoveAsync(receiver, message, queue, decision.Headers!, held, moving.Token).ConfigureAwait(false);
                else if (decision.Action == DeadLetterAction.Discard)
                    await CompleteAsync(receiver, message, held, moving.Token).ConfigureAwait(false);
                else if (IsWornOut(message))
                    await MoveAsync(receiver, message, _errorQueue, [], held, moving.Token).ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> BrowseAsync(ServiceBusReceiver receiver, Func<DeadLetterMessage, bool> look, CancellationToken cancellationToken)
    {
        var next = 0L;
        while (true)
        {
            IReadOnlyList<ServiceBusReceivedMessage> batch;
            try
            {
                batch = await receiver.PeekMessagesAsync(MostAtOnce, next, cancellationToken).ConfigureAwait(false);
            }
            catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
            {
                return true;
            }

            if (batch.Count == 0)
                return true;
            foreach (var message in batch)
            {
                if (!look(Describe(message)))
                    return false;
            }

            next = batch[^1].SequenceNumber + 1;
        }
    }

    private static async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveAsync(ServiceBusReceiver receiver, int most, CancellationToken cancellationToken)
    {
        try
        {
            return await receiver.ReceiveMessagesAsync(most, Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return [];
        }
    }

    /// <summary>Sends a copy straight to a queue, and takes the original away when Service Bus has it.</summary>
    private async Task MoveAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage message, string to,
        IEnumerable<KeyValuePair<string, object?>> headers, AzureServiceBusHeldMessages held, CancellationToken cancellationToken)
    {
        try
        {
            await senders.SendAsync(to, AzureServiceBusCopy.Of(message, headers), cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            throw new InvalidOperationException($"there is no queue '{to}' to send to", exception);
        }

        await CompleteAsync(receiver, message, held, cancellationToken).ConfigureAwait(false);
    }

    private static async Task CompleteAsync(
        ServiceBusReceiver receiver, ServiceBusReceivedMessage message, AzureServiceBusHeldMessages held, CancellationToken cancellationToken)
    {
        await receiver.CompleteMessageAsync(message, cancellationToken).ConfigureAwait(false);
        held.Release(message);
    }

    private async Task<long> CountAsync(string name, Func<QueueRuntimeProperties, long> count, CancellationToken cancellationToken)
    {
        try
        {
            return count((await administration!.GetQueueRuntimePropertiesAsync(name, cancellationToken).ConfigureAwait(false)).Value);
        }
        catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return 0;
        }
    }

    // Service Bus counts every time that a message is given back, and sets it aside past the limit: before that it is
    // written anew at the end. A dead-letter queue has no limit.
    private bool IsWornOut(ServiceBusReceivedMessage message) =>
        message.DeliveryCount >= AzureServiceBusTopology.LeastDeliveries - 1 && message.DeadLetterReason is null;

    private IEnumerable<(string Queue, SubQueue SubQueue)> Sources() => [(_errorQueue, SubQueue.None), (queue, SubQueue.DeadLetter)];

    private ServiceBusReceiver Receiver((string Queue, SubQueue SubQueue) source) =>
        senders.Client.CreateReceiver(source.Queue, new ServiceBusReceiverOptions { SubQueue = source.SubQueue });

    private static DeadLetterMessage Describe(ServiceBusReceivedMessage message)
    {
        var headers = message.ApplicationProperties.ToDictionary(x => x.Key, x => (object?)x.Value, StringComparer.Ordinal);
        if (message.DeadLetterReason is { } reason)
            headers.TryAdd(MessageHeaders.Reason, reason);
        return new DeadLetterMessage
        {
            MessageId = message.MessageId,
            CorrelationId = message.CorrelationId,
            ContentType = message.ContentType,
            Headers = headers,
            Body = BodyOf(message),
        };
    }

    // AMQP has bodies that are no bytes, a peer may send one, and the client throws for them. A replay carries such a
    // body all the same.
    private static ReadOnlyMemory<byte> BodyOf(ServiceBusReceivedMessage message) =>
        message.GetRawAmqpMessage().Body.TryGetData(out _) ? message.Body.ToMemory() : ReadOnlyMemory<byte>.Empty;
}
