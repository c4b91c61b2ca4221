namespace Ductape.MassTransit.Transports;

/// <summary>
/// Sends a message to the queue that it came from with MassTransit's own delay. For buses of which no more is known
/// than that they are MassTransit's: everything is as it was, save for the time of sending.
/// </summary>
internal static class DelayedSend
{
    public static async Task SendAsync(DelayedMessage message)
    {
        var context = message.Context;
        var endpoint = await context.GetSendEndpoint(context.ReceiveContext.InputAddress).ConfigureAwait(false);
        await endpoint.Send(message.Message, message.Message.GetType(), Pipe.Execute<SendContext>(x => Apply(x, message)), context.CancellationToken)
            .ConfigureAwait(false);
    }

    private static void Apply(SendContext context, DelayedMessage message)
    {
        var original = message.Context;
        context.MessageId = original.MessageId;
        context.CorrelationId = original.CorrelationId;
        context.ConversationId = original.ConversationId;
        context.InitiatorId = original.InitiatorId;
        context.RequestId = original.RequestId;
        context.SourceAddress = original.SourceAddress;
        context.ResponseAddress = original.ResponseAddress;
        context.FaultAddress = original.FaultAddress;
        context.SupportedMessageTypes = [MessageUrn.ForTypeString(message.Message.GetType())];
        // MassTransit's own would write the payload anew, and a proof over its bytes would no longer fit.
        if (message.Serializer is { } serializer)
            context.Serializer = serializer;
        context.Delay = message.Delay;
        foreach (var (name, value) in original.Headers.GetAll())
            context.Headers.Set(name, value);
        if (message.SenderMessageId is { } id)
            context.Headers.Set(MessageHeaders.MessageId, id);
        foreach (var (name, value) in message.Headers)
            context.Headers.Set(name, value);
    }
}
