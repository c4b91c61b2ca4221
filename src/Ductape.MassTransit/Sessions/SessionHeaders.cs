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

    /// <summary>The <see cref="SessionProof"/>, where the session type has a signing key and does not forward the token.</summary>
    public const string Proof = "ductape-session-proof";

    public static void Set(SendHeaders headers, VerifiedSession session, Route route, Guid messageId, ReadOnlySpan<byte> payload)
    {
        headers.Set(Tag, session.Tag);
        if (session.Id is not null)
            headers.Set(Id, session.Id);
        headers.Set(User, session.User);
        headers.Set(Expires, session.ExpiresText);
        if (session.Forward == SessionForward.Token)
            headers.Set(Token, session.Token);
        else if (session.ProofKey is { } key)
            headers.Set(Proof, SessionProof.Sign(key, route, messageId, payload, session.Tag, session.Id, session.User, session.ExpiresText));
    }
}
