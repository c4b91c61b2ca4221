using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>A failed message as its transport has it.</summary>
[Experimental("DUCTAPE001")]
public sealed record DeadLetterMessage
{
    /// <summary>The transport's message id, or null.</summary>
    public string? MessageId { get; init; }

    /// <summary>The transport's correlation id, or null.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The content type, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>The transport's headers; text as <see cref="string"/>.</summary>
    public required IReadOnlyDictionary<string, object?> Headers { get; init; }

    /// <summary>The body as it travelled, with MassTransit's envelope where it has one.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
