namespace Ductape.MassTransit;

/// <summary>A session that was started or renewed. Holds secrets: its text leaves them out.</summary>
public sealed class StartedSession
{
    internal StartedSession(string token, string refreshToken, string sessionId, DateTimeOffset expiresAt) =>
        (Token, RefreshToken, SessionId, ExpiresAt) = (token, refreshToken, sessionId, expiresAt);

    /// <summary>The token, as <c>tag:jwt</c>; what <see cref="SessionInput.Token"/> takes. A secret.</summary>
    public string Token { get; }

    /// <summary>What renews the session, once. A secret.</summary>
    public string RefreshToken { get; }

    /// <summary>The id of the session; it stays the same when the session is renewed.</summary>
    public string SessionId { get; }

    /// <summary>When the token expires (UTC).</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The session in words, without its tokens.</summary>
    public override string ToString() => $"StartedSession {{ SessionId = {SessionId}, ExpiresAt = {ExpiresAt:O} }}";
}
