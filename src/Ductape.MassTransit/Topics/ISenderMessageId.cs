namespace Ductape.MassTransit.Topics;

/// <summary>A received message whose sender may have given it an id that is not MassTransit's.</summary>
internal interface ISenderMessageId
{
    /// <summary>The id as the sender wrote it into the envelope; null for none, and without an envelope.</summary>
    string? SenderMessageId { get; }
}
