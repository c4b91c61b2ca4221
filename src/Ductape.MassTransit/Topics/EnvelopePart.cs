namespace Ductape.MassTransit.Topics;

/// <summary>The properties of MassTransit's JSON envelope, in the order in which MassTransit writes them.</summary>
internal enum EnvelopePart
{
    MessageId,
    RequestId,
    CorrelationId,
    ConversationId,
    InitiatorId,
    SourceAddress,
    DestinationAddress,
    ResponseAddress,
    FaultAddress,
    MessageType,
    Message,
    ExpirationTime,
    SentTime,
    Headers,
    Host,
}
