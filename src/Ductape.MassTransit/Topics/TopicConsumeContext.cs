using System.Diagnostics.CodeAnalysis;
using MassTransit.Context;
using MassTransit.Serialization;
using MassTransit.Util;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// MassTransit's context of a message of a topic. Does what <see cref="BodyConsumeContext"/> does, and makes the
/// collections that only responses and other message types need when they are needed.
/// </summary>
internal sealed class TopicConsumeContext(ReceiveContext receiveContext, TopicSerializerContext topic) : BaseConsumeContext(receiveContext, topic), ISenderMessageId
{
    private ConsumeContext? _message;
    private BodyConsumeContext? _others;
    private PendingTaskCollection? _tasks;

    public override Task ConsumeCompleted => Volatile.Read(ref _tasks)?.Completed(CancellationToken) ?? Task.CompletedTask;

    public override Guid? MessageId => topic.MessageId;

    public string? SenderMessageId => topic.SenderMessageId;

    public override Guid? RequestId => topic.RequestId;

    public override Guid? CorrelationId => topic.CorrelationId;

    public override Guid? ConversationId => topic.ConversationId;

    public override Guid? InitiatorId => topic.InitiatorId;

    public override DateTime? ExpirationTime => topic.ExpirationTime;

    public override Uri SourceAddress => topic.SourceAddress!;

    public override Uri DestinationAddress => topic.DestinationAddress!;

    public override Uri ResponseAddress => topic.ResponseAddress!;

    public override Uri FaultAddress => topic.FaultAddress!;

    public override DateTime? SentTime => topic.SentTime;

    public override Headers Headers => topic.Headers;

    public override HostInfo Host => topic.Host;

    public override IEnumerable<string> SupportedMessageTypes => topic.SupportedMessageTypes;

    public override bool HasMessageType(Type messageType) => topic.IsSupportedMessageType(messageType);

    public override bool TryGetMessage<T>([NotNullWhen(true)] out ConsumeContext<T>? consumeContext)
    {
        if (typeof(T) != topic.Contract.MessageType)
            return LazyInitializer.EnsureInitialized(ref _others, () => new Others(this)).TryGetMessage(out consumeContext);

        if (_message is null)
            Interlocked.CompareExchange(ref _message, new MessageConsumeContext<T>(this, (T)(object)topic.Contract.CreateMessage(topic.Payload)), null);
        consumeContext = (ConsumeContext<T>)_message;
        return true;
    }

    public override void AddConsumeTask(Task task) => LazyInitializer.EnsureInitialized(ref _tasks, static () => new PendingTaskCollection(4)).Add(task);

    public override Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) =>
        LenientConsumeContext.NotifyFaultedAsync(
            base.NotifyFaulted(context, duration, consumerType, exception), context, duration, consumerType, exception);

    public override bool HasPayloadType(Type payloadType) => payloadType.IsInstanceOfType(this) || ReceiveContext.HasPayloadType(payloadType);

    public override bool TryGetPayload<T>([NotNullWhen(true)] out T? payload)
        where T : class
    {
        payload = this as T;
        return payload is not null || ReceiveContext.TryGetPayload(out payload);
    }

    public override T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory) => this as T ?? ReceiveContext.GetOrAddPayload(payloadFactory);

    public override T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory) =>
        this as T ?? ReceiveContext.AddOrUpdatePayload(addFactory, updateFactory);

    /// <summary>The same message as other types; MassTransit waits for the outer context.</summary>
    private sealed class Others(TopicConsumeContext outer) : BodyConsumeContext(outer.ReceiveContext, outer.SerializerContext)
    {
        public override Task ConsumeCompleted => outer.ConsumeCompleted;

        public override void AddConsumeTask(Task task) => outer.AddConsumeTask(task);
    }
}
