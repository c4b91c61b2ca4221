namespace Ductape.MassTransit.Sessions;

/// <summary>A message that is published with a session, and what its <see cref="SessionProof"/> is over.</summary>
internal interface ISessionMessage
{
    /// <summary>Who publishes, or null.</summary>
    VerifiedSession? Session { get; }

    /// <summary>When the caller called, in milliseconds since 1970.</summary>
    long CalledAt { get; }

    string Event { get; }

    string Env { get; }

    Guid MessageId { get; }

    ReadOnlyMemory<byte> Payload { get; }
}
