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

    public static void Set(SendHeaders headers, VerifiedSession session)
    {
        headers.Set(Tag, session.Tag);
        if (session.Id is not null)
            headers.Set(Id, session.Id);
        headers.Set(User, session.User);
        headers.Set(Expires, session.ExpiresText);
        if (session.Forward == SessionForward.Token)
            headers.Set(Token, session.Token);
    }
}
