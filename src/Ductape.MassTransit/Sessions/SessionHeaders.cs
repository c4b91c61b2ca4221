using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>A session as a message carries it.</summary>
internal static class SessionHeaders
{
    public const string Tag = "ductape-session-tag";
    public const string Id = "ductape-session-id";
    public const string User = "ductape-session-user";

    /// <summary>The expiry in UTC, as ISO 8601 writes it.</summary>
    public const string Expires = "ductape-session-expires";

    /// <summary>The token without its tag, where the session type forwards it.</summary>
    public const string Token = "ductape-session-token";

    /// <summary>The <see cref="SessionProof"/>, where the session type has a signing key.</summary>
    public const string Proof = "ductape-session-proof";

    private const string Prefix = "ductape-session-";

    /// <summary>Whether a header is one of these.</summary>
    public static bool IsOne(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>For the bare format, whose headers are the transport's. Replaces what the message has of another, which MassTransit hands on.</summary>
    public static void Set(SendHeaders headers, PublishCall call)
    {
        var session = call.Session;
        if (session is null && !headers.TryGetHeader(Tag, out _))
            return;

        headers.Set(Tag, session?.Tag);
        headers.Set(Id, session?.Id);
        headers.Set(User, session?.User);
        headers.Set(Expires, session?.ExpiresText);
        headers.Set(Token, session is { Forward: SessionForward.Token } ? session.Token : null);
        headers.Set(Proof, session?.ProofKey is not null ? SessionProof.Sign(call) : null);
    }

    /// <summary>Into the headers of an envelope.</summary>
    public static void Write(Utf8JsonWriter writer, PublishCall call)
    {
        var session = call.Session!;
        writer.WriteString(Tag, session.Tag);
        if (session.Id is not null)
            writer.WriteString(Id, session.Id);
        writer.WriteString(User, session.User);
        writer.WriteString(Expires, session.ExpiresText);
        if (session.Forward == SessionForward.Token)
            writer.WriteString(Token, session.Token);
        if (session.ProofKey is not null)
        {
            Span<byte> proof = stackalloc byte[SessionProof.MaxLength];
            writer.WriteString(Proof, proof[..SessionProof.Sign(call, proof)]);
        }
    }
}
