using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>A message that goes back into its queue after a while.</summary>
[Experimental("DUCTAPE001")]
public sealed record DelayedMessage
{
    /// <summary>The message as it was received, with its transport's payloads.</summary>
    public required ConsumeContext Context { get; init; }

    /// <summary>
    /// The id that the sender gave where it is not MassTransit's, <see cref="ReceivedMessage.MessageId"/>, for a
    /// transport that sends the message anew: it sets it as the header <c>MessageId</c>. Default: null.
    /// </summary>
    public string? SenderMessageId { get; init; }

    /// <summary>The message itself, for a transport that has to send it anew.</summary>
    public required TopicMessage Message { get; init; }

    /// <summary>Where it was received.</summary>
    public required EndpointTopology Endpoint { get; init; }

    /// <summary>How long it waits; one of the endpoint's delays.</summary>
    public required TimeSpan Delay { get; init; }

    /// <summary>What writes the copy as the original was written; null for the bus's own serializer.</summary>
    public IMessageSerializer? Serializer { get; init; }

    /// <summary>Headers that the copy has in addition.</summary>
    public required IReadOnlyDictionary<string, object> Headers { get; init; }
}
