using Azure.Messaging.ServiceBus;

namespace Ductape.MassTransit.AzureServiceBus.Tests;

/// <summary>
/// As much of Service Bus's queues as a scan of dead letters uses: order, locks and deliveries, in memory.
/// </summary>
internal sealed class FakeServiceBus : ServiceBusClient
{
    public Dictionary<string, List<ServiceBusReceivedMessage>> Queues { get; } = [];

    /// <summary>How often a message was given back.</summary>
    public int Abandoned { get; private set; }

    public int Locked { get; private set; }

    public void Add(string queue, BinaryData body, int deliveries = 1, string? deadLetterReason = null, IDictionary<string, object>? properties = null) =>
        At(queue).Add(Received(queue, body, "application/json", $"{Guid.NewGuid():N}", null, properties ?? new Dictionary<string, object>(), deliveries, deadLetterReason));

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) =>
        new Receiver(this, options.SubQueue == SubQueue.DeadLetter ? $"{queueName}/$DeadLetterQueue" : queueName);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private List<ServiceBusReceivedMessage> At(string queue)
    {
        if (!Queues.TryGetValue(queue, out var messages))
            Queues[queue] = messages = [];
        return messages;
    }

    private ServiceBusReceivedMessage Received(string queue, BinaryData body, string? contentType, string id, string? session,
        IDictionary<string, object> properties, int deliveries = 1, string? deadLetterReason = null)
    {
        if (deadLetterReason is not null)
            properties["DeadLetterReason"] = deadLetterReason;
        return ServiceBusModelFactory.ServiceBusReceivedMessage(body, id, sessionId: session, contentType: contentType, properties: properties,
            lockTokenGuid: Guid.NewGuid(), deliveryCount: deliveries, lockedUntil: TimeProvider.System.GetUtcNow().AddMinutes(1), sequenceNumber: At(queue).Count + 1);
    }

    private sealed class Sender(FakeServiceBus bus, string queue) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            if (!bus.Queues.ContainsKey(queue))
                throw new ServiceBusException("none", ServiceBusFailureReason.MessagingEntityNotFound);
            bus.At(queue).Add(bus.Received(queue, message.Body, message.ContentType, message.MessageId, message.SessionId, message.ApplicationProperties));
            return Task.CompletedTask;
        }
    }

    private sealed class Receiver(FakeServiceBus bus, string queue) : ServiceBusReceiver
    {
        private readonly HashSet<string> _locked = [];

        private List<ServiceBusReceivedMessage> Messages => bus.Queues.TryGetValue(queue, out var messages)
            ? messages
            : throw new ServiceBusException("none", ServiceBusFailureReason.MessagingEntityNotFound);

        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
            int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<ServiceBusReceivedMessage>>([.. Messages.Where(x => x.SequenceNumber >= (fromSequenceNumber ?? 0)).Take(maxMessages)]);

        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
            int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
        {
            var batch = Messages.Where(x => !_locked.Contains(x.LockToken)).Take(maxMessages).ToArray();
            foreach (var message in batch)
                _locked.Add(message.LockToken);
            bus.Locked += batch.Length;
            return Task.FromResult<IReadOnlyList<ServiceBusReceivedMessage>>(batch);
        }

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            Assert.Contains(message.LockToken, _locked);
            Messages.Remove(message);
            return Task.CompletedTask;
        }

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default)
        {
            Assert.True(_locked.Remove(message.LockToken));
            bus.Abandoned++;
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
