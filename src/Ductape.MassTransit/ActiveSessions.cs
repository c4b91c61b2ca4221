namespace Ductape.MassTransit;

/// <summary>A page of active sessions.</summary>
/// <param name="Sessions">The sessions of this page, the latest first.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Page">The page, from 1.</param>
/// <param name="Limit">How many sessions a page has.</param>
public sealed record ActiveSessions(IReadOnlyList<ActiveSession> Sessions, int Total, int Page, int Limit);

/// <summary>An active session.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="User">The user, the value of the selector.</param>
/// <param name="StartedAt">When it was started (UTC).</param>
/// <param name="ExpiresAt">When its latest token expires (UTC).</param>
public sealed record ActiveSession(string SessionId, string User, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt);
