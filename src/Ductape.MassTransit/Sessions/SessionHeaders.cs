using System.Text.Json;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit.Sessions;

/// <summary>Writes the session of a publish into its message.</summary>
internal static class SessionHeaders
{
    /// <summary>
    /// For the bare format, whose headers are the transport's. Replaces what the message has of another, which
    /// MassTransit hands on.
    /// </summary>
    public static void Set(SendHeaders headers, ISessionMessage message)
    {
        var session = message.Session;
        if (session is null && !headers.TryGetHeader(SessionHeaderNames.Tag, out _))
            return;

        headers.Set(SessionHeaderNames.Tag, session?.Tag);
        headers.Set(SessionHeaderNames.Id, session?.Id);
        headers.Set(SessionHeaderNames.User, session?.User);
        headers.Set(SessionHeaderNames.Expires, session?.ExpiresText);
        headers.Set(SessionHeaderNames.Token, session is { Forward: SessionForward.Token } ? session.Token : null);
        headers.Set(SessionHeaderNames.Proof, session?.ProofKey is not null ? SessionProof.Sign(message) : null);
    }

    /// <summary>Into the headers of an envelope.</summary>
    public static void Write(Utf8JsonWriter writer, ISessionMessage message)
    {
        var session = message.Session!;
        writer.WriteString(SessionHeaderNames.Tag, session.Tag);
        if (session.Id is not null)
            writer.WriteString(SessionHeaderNames.Id, session.Id);
        writer.WriteString(SessionHeaderNames.User, session.User);
        writer.WriteString(SessionHeaderNames.Expires, session.ExpiresText);
        if (session.Forward == SessionForward.Token)
            writer.WriteString(SessionHeaderNames.Token, session.Token);
        if (session.ProofKey is not null)
        {
            Span<byte> proof = stackalloc byte[SessionProof.MaxLength];
            writer.WriteString(SessionHeaderNames.Proof, proof[..SessionProof.Sign(message, proof)]);
        }
    }
}
