using MassTransit.InMemoryTransport;
using MassTransit.Transports.Fabric;

namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>
/// The dead letters of a queue in memory. MassTransit's in-memory queues can only be read by taking, so they are kept
/// here until somebody subscribes to the error queue itself, and are delivered there from then on.
/// </summary>
internal sealed class InMemoryDeadLetterQueue(Func<InMemoryTransportMessage, Task> sendBack) : IDeadLetterQueue
{
    private readonly LinkedList<InMemoryTransportMessage> _messages = [];
    private readonly HashSet<LinkedListNode<InMemoryTransportMessage>> _held = [];
    private readonly Lock _lock = new();
    private IMessageQueue<InMemoryTransportContext, InMemoryTransportMessage>? _reader;

    public Task AddAsync(InMemoryTransportMessage message)
    {
        lock (_lock)
        {
            if (_reader is not null)
                return DeliverAsync(_reader, message);

            _messages.AddLast(message);
            return Task.CompletedTask;
        }
    }

    /// <summary>Delivers what is here, and what is still to come, to a queue that is read.</summary>
    public void HandOver(IMessageQueue<InMemoryTransportContext, InMemoryTransportMessage> queue)
    {
        lock (_lock)
        {
            if (_reader is not null)
                return;

            _reader = queue;
            foreach (var node in Nodes())
            {
                if (!_held.Contains(node))
                    Move(node, queue);
            }
        }
    }

    public Task<long> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult((long)_messages.Count);
    }

    public async Task<long> ScanAsync(Func<DeadLetterMessage, ValueTask<DeadLetterDecision>> decide, CancellationToken cancellationToken)
    {
        LinkedListNode<InMemoryTransportMessage>[] found;
        lock (_lock)
            found = Nodes();

        foreach (var node in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Hold(node))
                continue;

            var action = DeadLetterAction.Keep;
            try
            {
                var decision = await decide(Describe(node.Value)).ConfigureAwait(false);
                if (decision.Action == DeadLetterAction.Replay)
                    await sendBack(InMemoryCopy.Of(node.Value, decision.Headers!)).ConfigureAwait(false);
                action = decision.Action;
            }
            finally
            {
                Release(node, action is DeadLetterAction.Replay or DeadLetterAction.Discard);
            }

            if (action == DeadLetterAction.Stop)
                break;
        }

        return found.Length;
    }

    /// <summary>Keeps a message from other scans; false where one of them has it, or had.</summary>
    private bool Hold(LinkedListNode<InMemoryTransportMessage> node)
    {
        lock (_lock)
            return node.List is not null && _held.Add(node);
    }

    private void Release(LinkedListNode<InMemoryTransportMessage> node, bool remove)
    {
        lock (_lock)
        {
            _held.Remove(node);
            if (remove)
                _messages.Remove(node);
            else if (_reader is not null)
                Move(node, _reader);
        }
    }

    private void Move(
        LinkedListNode<InMemoryTransportMessage> node, IMessageQueue<InMemoryTransportContext, InMemoryTransportMessage> queue)
    {
        _messages.Remove(node);
        // Into a channel without limit: complete when it returns.
        _ = DeliverAsync(queue, node.Value);
    }

    private LinkedListNode<InMemoryTransportMessage>[] Nodes()
    {
        var nodes = new List<LinkedListNode<InMemoryTransportMessage>>(_messages.Count);
        for (var node = _messages.First; node is not null; node = node.Next)
            nodes.Add(node);
        return [.. nodes];
    }

    private static Task DeliverAsync(IMessageQueue<InMemoryTransportContext, InMemoryTransportMessage> queue, InMemoryTransportMessage message) =>
        queue.Deliver(new InMemoryDeliveryContext(message, CancellationToken.None));

    private static DeadLetterMessage Describe(InMemoryTransportMessage message) => new()
    {
        MessageId = message.Headers.Get<string>(MessageHeaders.MessageId),
        CorrelationId = message.Headers.Get<string>(MessageHeaders.CorrelationId),
        ContentType = message.Headers.Get<string>(MessageHeaders.ContentType),
        Headers = message.Headers.GetAll().ToDictionary(x => x.Key, x => (object?)x.Value, StringComparer.OrdinalIgnoreCase),
        Body = message.Body,
    };
}
