namespace Ductape.MassTransit.Sessions;

/// <summary>What a proof is about: a message and its session, as they travel.</summary>
internal readonly ref struct SessionProofContent
{
    public required string Event { get; init; }

    public required string Env { get; init; }

    public required Guid MessageId { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    public required string Tag { get; init; }

    public required string? Id { get; init; }

    public required string? User { get; init; }

    public required string? Expires { get; init; }

    /// <summary>The SHA-256 of the token that travels with the message; empty where none does.</summary>
    public required ReadOnlySpan<byte> TokenDigest { get; init; }
}
