using System.Globalization;
using System.Text;
using Amazon.SQS;
using Amazon.SQS.Model;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// The error queue of a queue. Messages are received and stay hidden until they are moved; what is kept is shown again
/// in the end.
/// </summary>
/// <param name="client">SQS.</param>
/// <param name="queue">The queue where they failed.</param>
/// <param name="queueUrl">Its URL where that is known and the queue may be in another account; else null.</param>
internal sealed class AmazonSqsDeadLetterQueue(IAmazonSQS client, string queue, string? queueUrl) : IDeadLetterQueue
{
    private const int MostAtOnce = 10;

    // Copies that wait for their confirmation, which is how many a replay that breaks off can double. A FIFO queue
    // takes them in their order.
    private readonly int _inFlight = AmazonSqsCopy.IsFifo(queue) ? 1 : 10;

    // Asks all servers of the queue, and not only some of them.
    private const int WaitSeconds = 1;

    // How long those that are in flight may take when the caller has given up: each one that is not deleted would be
    // doubled.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly string _errorQueue = AmazonSqsNaming.ErrorQueue(queue);

    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        await FindAsync(_errorQueue, cancellationToken).ConfigureAwait(false) is { } url ? await CountAsync(url, cancellationToken).ConfigureAwait(false) : 0;

    public async Task<long> ScanAsync(Func<DeadLetterMessage, ValueTask<DeadLetterDecision>> decide, CancellationToken cancellationToken)
    {
        if (await FindAsync(_errorQueue, cancellationToken).ConfigureAwait(false) is not { } url)
            return 0;

        var there = await CountAsync(url, cancellationToken).ConfigureAwait(false);
        await using var held = new AmazonSqsHeldMessages(client, url);
        using var moving = new CancellationTokenSource();
        await using var registration = cancellationToken.UnsafeRegister(static x => ((CancellationTokenSource)x!).CancelAfter(Grace), moving);
        var moves = new Queue<Task>(_inFlight);
        try
        {
            for (var seen = 0L; ;)
            {
                var batch = await ReceiveAsync(url, cancellationToken).ConfigureAwait(false);
                // SQS counts what came in the last minute only roughly.
                if (seen == 0)
                    there = Math.Max(there, batch.Count);
                var holds = batch.Select(x => (Message: x, Held: held.Hold(x))).ToArray();
                foreach (var (message, hold) in holds)
                {
                    if (seen++ == there)
                        return there;

                    var decision = await decide(Describe(message)).ConfigureAwait(false);
                    if (moves.Count == _inFlight)
                        await moves.Dequeue().ConfigureAwait(false);
                    if (decision.Action == DeadLetterAction.Replay)
                        moves.Enqueue(MoveAsync(url, message, decision.Headers!, held, hold, moving.Token));
                    else if (decision.Action == DeadLetterAction.Discard)
                        await DeleteAsync(url, message, held, hold, cancellationToken).ConfigureAwait(false);
                    else if (decision.Action == DeadLetterAction.Stop)
                        return there;
                }

                if (batch.Count == 0 || seen >= there)
                    return there;
            }
        }
        finally
        {
            await Task.WhenAll(moves).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<Message>> ReceiveAsync(string url, CancellationToken cancellationToken)
    {
        // A request that is broken off may still hide messages.
        cancellationToken.ThrowIfCancellationRequested();
        var response = await client.ReceiveMessageAsync(new ReceiveMessageRequest(url)
        {
            MaxNumberOfMessages = MostAtOnce,
            WaitTimeSeconds = WaitSeconds,
            VisibilityTimeout = (int)AmazonSqsHeldMessages.Hidden.TotalSeconds,
            MessageAttributeNames = ["All"],
            MessageSystemAttributeNames = ["All"],
        }, CancellationToken.None).ConfigureAwait(false);
        return [.. (response.Messages ?? []).OrderBy(x => long.TryParse(
            AmazonSqsCopy.SystemTextOf(x, MessageSystemAttributeName.SentTimestamp), CultureInfo.InvariantCulture, out var sent) ? sent : 0)];
    }

    /// <summary>Sends a copy straight to the queue, and takes the original away when SQS has it.</summary>
    private async Task MoveAsync(string errorUrl, Message message, IReadOnlyDictionary<string, object?> headers, AmazonSqsHeldMessages held,
        LinkedListNode<string> hold, CancellationToken cancellationToken)
    {
        var target = queueUrl ?? await FindAsync(queue, cancellationToken).ConfigureAwait(false);
        var request = new SendMessageRequest(target, message.Body)
        {
            MessageAttributes = AmazonSqsCopy.AttributesOf(message, headers.Append(KeyValuePair.Create(AmazonSqsFailure.Name, (object?)null))),
        };
        if (AmazonSqsCopy.IsFifo(queue))
        {
            request.MessageGroupId = AmazonSqsFailure.Unpack(AmazonSqsCopy.TextOf(message, AmazonSqsFailure.Name)).GetValueOrDefault(AmazonSqsFailure.Group)
                ?? AmazonSqsCopy.SystemTextOf(message, MessageSystemAttributeName.MessageGroupId) ?? message.MessageId;
            // Another one than that of the publish, which SQS may remember; the same where a replay is interrupted and
            // called again.
            request.MessageDeduplicationId = message.MessageId;
        }

        try
        {
            await (target is null ? throw new QueueDoesNotExistException(queue) : client.SendMessageAsync(request, cancellationToken)).ConfigureAwait(false);
        }
        catch (QueueDoesNotExistException exception)
        {
            throw new InvalidOperationException($"there is no queue '{queue}' to send to", exception);
        }

        await DeleteAsync(errorUrl, message, held, hold, cancellationToken).ConfigureAwait(false);
    }

    private async Task DeleteAsync(
        string url, Message message, AmazonSqsHeldMessages held, LinkedListNode<string> hold, CancellationToken cancellationToken)
    {
        await client.DeleteMessageAsync(url, message.ReceiptHandle, cancellationToken).ConfigureAwait(false);
        held.Release(hold);
    }

    private async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetQueueUrlAsync(name, cancellationToken).ConfigureAwait(false)).QueueUrl;
        }
        catch (QueueDoesNotExistException)
        {
            return null;
        }
    }

    // With those that another scan looks at.
    private async Task<long> CountAsync(string url, CancellationToken cancellationToken)
    {
        var attributes = (await client.GetQueueAttributesAsync(
            url, [QueueAttributeName.ApproximateNumberOfMessages, QueueAttributeName.ApproximateNumberOfMessagesNotVisible], cancellationToken)
            .ConfigureAwait(false)).Attributes;
        return attributes.Values.Sum(x => long.Parse(x, CultureInfo.InvariantCulture));
    }

    private static DeadLetterMessage Describe(Message message)
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in message.MessageAttributes ?? [])
            headers[name] = value.StringValue;
        foreach (var (name, value) in AmazonSqsFailure.Unpack(AmazonSqsCopy.TextOf(message, AmazonSqsFailure.Name)))
            headers[name] = value;
        return new DeadLetterMessage
        {
            MessageId = AmazonSqsCopy.TextOf(message, MessageHeaders.MessageId),
            CorrelationId = AmazonSqsCopy.TextOf(message, MessageHeaders.CorrelationId),
            ContentType = AmazonSqsCopy.TextOf(message, MessageHeaders.ContentType),
            Headers = headers,
            Body = Encoding.UTF8.GetBytes(message.Body),
        };
    }
}
