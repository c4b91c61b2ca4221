using MassTransit.Serialization;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// A message whose envelope MassTransit has read. Ids and addresses that are none are null: MassTransit's own context
/// throws at whoever asks, which are its log lines too, so that a message that was handled went to the errors.
/// </summary>
internal sealed class LenientConsumeContext(ReceiveContext receiveContext, SerializerContext serializerContext)
    : BodyConsumeContext(receiveContext, serializerContext), ISenderMessageId
{
    public override Guid? MessageId => Read(static x => x.MessageId);

    public string? SenderMessageId => MessageIds.OfEnvelope(ReceiveContext);

    public override Guid? RequestId => Read(static x => x.RequestId);

    public override Guid? CorrelationId => Read(static x => x.CorrelationId);

    public override Guid? ConversationId => Read(static x => x.ConversationId);

    public override Guid? InitiatorId => Read(static x => x.InitiatorId);

    public override Uri SourceAddress => Read(static x => x.SourceAddress)!;

    public override Uri DestinationAddress => Read(static x => x.DestinationAddress)!;

    public override Uri ResponseAddress => Read(static x => x.ResponseAddress)!;

    public override Uri FaultAddress => Read(static x => x.FaultAddress)!;

    public override Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) =>
        NotifyFaultedAsync(base.NotifyFaulted(context, duration, consumerType, exception), context, duration, consumerType, exception);

    /// <summary>
    /// Goes on when MassTransit could not send its fault to the address that the message asks for, which anybody may
    /// have written: the message would come again and again, and never be among the failed ones.
    /// </summary>
    public static async Task NotifyFaultedAsync<T>(
        Task notifying, ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class
    {
        try
        {
            await notifying.ConfigureAwait(false);
        }
        catch (Exception) when (!context.ReceiveContext.IsFaulted)
        {
            await context.ReceiveContext.NotifyFaulted(context, duration, consumerType, exception).ConfigureAwait(false);
        }
    }

    private T? Read<T>(Func<SerializerContext, T?> read)
    {
        try
        {
            return read(SerializerContext);
        }
        catch (FormatException)
        {
            return default;
        }
    }
}
