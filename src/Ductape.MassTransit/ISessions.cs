namespace Ductape.MassTransit;

/// <summary>
/// Starts, verifies, refreshes, revokes and lists sessions: Ductape's <c>sessions</c> API, for those who have no other
/// issuer. A singleton, safe to use from any thread. Refresh tokens, revocations and the list live in the application's
/// <c>IDistributedCache</c> where it registered one, else in the memory of this process.
/// </summary>
/// <remarks>
/// Every call can throw a <see cref="DuctapeException"/> with <see cref="DuctapeErrorCodes.CacheFailed"/>, a
/// verification with <see cref="DuctapeErrorCodes.SessionInvalid"/>, when that cache does not answer.
/// In every call a null <c>product</c> or <c>env</c> falls back to <c>Ductape:Product</c> or <c>Ductape:Env</c>. An
/// <c>IDistributedCache</c> has no transactions: two instances that use the same refresh token, or start sessions of
/// the same user, within the same few milliseconds may both succeed, or lose an entry of the list. Revocations do not
/// depend on the list.
/// </remarks>
public interface ISessions
{
    /// <summary>Starts a session: issues a token and a refresh token.</summary>
    /// <param name="tag">The session type, which must have a <see cref="SessionTypeOptions.SigningKey"/>.</param>
    /// <param name="data">What becomes the claims of the token: anything that serializes to a JSON object, with
    /// every name once, and has the selector's value. Readable for whoever has the token.</param>
    /// <param name="product">The product.</param>
    /// <param name="env">The environment.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/> for data that cannot be used;
    /// <see cref="DuctapeErrorCodes.SessionInvalid"/> for an unknown tag, or a session type that cannot issue
    /// tokens.</exception>
    Task<StartedSession> StartAsync(
        string tag, object data, string? product = null, string? env = null, CancellationToken cancellationToken = default);

    /// <summary>Verifies a token, bare or as <c>tag:jwt</c>.</summary>
    /// <returns>The session's data, or the reason why the token is not valid.</returns>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SessionInvalid"/> for an unknown tag, or when
    /// the token cannot be verified now, for example because the issuer's keys cannot be fetched.</exception>
    Task<SessionVerification> VerifyAsync(
        string tag, string token, string? product = null, string? env = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Renews a session, expired or not: a new token and a new refresh token, the same session id. Every refresh token
    /// works once, for 30 days or, where that is longer, as long as a token.
    /// </summary>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SessionInvalid"/> for a refresh token that is
    /// unknown, spent, too old, or of a revoked session.</exception>
    Task<StartedSession> RefreshAsync(
        string tag, string refreshToken, string? product = null, string? env = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Revokes a session, or all sessions that a user has now: from then on their tokens are refused by publish,
    /// subscribe and <see cref="VerifyAsync"/>, and their refresh tokens too. Also works for tokens of another issuer.
    /// Kept for 366 days or, where that is longer, as long as a token.
    /// </summary>
    /// <param name="tag">The session type.</param>
    /// <param name="sessionId">The session. Either this or <paramref name="user"/>.</param>
    /// <param name="user">The user, the value of the selector; Ductape's <c>identifier</c>.</param>
    /// <param name="product">The product.</param>
    /// <param name="env">The environment.</param>
    /// <param name="who">Who asks, for the <see cref="IOperatorLog"/>. Default: null, code.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/> when both or neither are given;
    /// <see cref="DuctapeErrorCodes.SessionInvalid"/> for an unknown tag.</exception>
    Task RevokeAsync(
        string tag, string? sessionId = null, string? user = null, string? product = null, string? env = null, string? who = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// The sessions that were started here and have neither expired nor been revoked, the latest first.
    /// </summary>
    /// <param name="tag">The session type.</param>
    /// <param name="user">Only this user's. Default: all.</param>
    /// <param name="page">The page, from 1.</param>
    /// <param name="limit">How many sessions a page has, 1 to 1,000.</param>
    /// <param name="product">The product.</param>
    /// <param name="env">The environment.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/> for a page or limit out of
    /// range; <see cref="DuctapeErrorCodes.SessionInvalid"/> for an unknown tag.</exception>
    Task<ActiveSessions> ListActiveAsync(
        string tag, string? user = null, int page = 1, int limit = 10, string? product = null, string? env = null,
        CancellationToken cancellationToken = default);
}
