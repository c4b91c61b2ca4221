namespace Ductape.MassTransit;

/// <summary>
/// Verifies the session of a message before the callback, where the topic says so. What it refuses goes to <c>_error</c> without
/// retries: the next attempt would find the same.
/// </summary>
internal sealed class ReceivedSessionVerifier(SessionTypes types, TimeProvider time)
{
    /// <summary>The callback with the verification before it, where the topic asks for one.</summary>
    public Func<ReceivedMessage, Task> Guard(Route route, Func<ReceivedMessage, Task> callback) => !route.Sessions.VerifyOnReceive
        ? callback
        : async message =>
        {
            message.VerifiedSession = await VerifyAsync(route, message).ConfigureAwait(false);
            await callback(message).ConfigureAwait(false);
        };

    private async ValueTask<ReceivedSession?> VerifyAsync(Route route, ReceivedMessage message)
    {
        var headers = message.AllHeaders;
        var required = route.Sessions.Required;
        if (headers.Get<string>(SessionHeaders.Tag) is not { Length: > 0 } tag)
            return required.Count == 0 ? null : throw Refused(route, message, "has no session, and the topic requires one.");
        if (required.Count > 0 && !required.Contains(tag))
            throw Refused(route, message, "has a session that is not among those that the topic requires.");
        if (types.Find(route.ProductTag, route.Env, tag) is not { } type)
            throw Refused(route, message, $"has a session of a type that the product '{route.ProductTag}' does not have.");

        try
        {
            return headers.Get<string>(SessionHeaders.Token) is { } token
                ? await VerifyTokenAsync(route, message, type, token).ConfigureAwait(false)
                : await VerifyProofAsync(route, message, type, headers).ConfigureAwait(false);
        }
        catch (SessionKeysException exception)
        {
            // The message is not to blame: it is tried again.
            throw route.Error(DuctapeErrorCodes.SessionInvalid,
                $"the session '{tag}' of the message {message.MessageId} cannot be verified: {exception.Message}", exception.InnerException, isTransient: true);
        }
    }

    private async ValueTask<ReceivedSession> VerifyTokenAsync(Route route, ReceivedMessage message, SessionType type, string token)
    {
        var now = time.GetUtcNow();
        var at = !route.Sessions.VerifyExpiryOnReceive && message.SentAt is { } sent && sent < now ? sent : now;
        var check = await type.VerifyAsync(token, at, message.CancellationToken).ConfigureAwait(false);
        return check.Session is { } session
            ? new ReceivedSession(session)
            : throw Refused(route, message, $"has a session '{type.Config.Tag}' whose token {check.Refusal}");
    }

    private async ValueTask<ReceivedSession> VerifyProofAsync(Route route, ReceivedMessage message, SessionType type, Headers headers)
    {
        var tag = type.Config.Tag;
        if (await type.ProofKeyAsync(message.CancellationToken).ConfigureAwait(false) is not { } key)
            throw Refused(route, message, $"has a session '{tag}' without its token, which the session type forwards.");
        if (headers.Get<string>(SessionHeaders.Proof) is not { } proof || message.MessageId is not { } messageId)
            throw Refused(route, message, $"has a session '{tag}' without a proof.");

        if (!SessionProof.IsProof(proof, key, route, messageId, message.Body.Span, tag, headers.Get<string>(SessionHeaders.Id),
            headers.Get<string>(SessionHeaders.User), headers.Get<string>(SessionHeaders.Expires)))
            throw Refused(route, message, $"has a session '{tag}' whose proof does not fit: message or session are not what was published.");

        // Who signed the proof had verified the session at that time.
        var session = ReceivedSession.Of(headers, isVerified: true)!;
        var now = time.GetUtcNow();
        return route.Sessions.VerifyExpiryOnReceive && !(now - session.ExpiresAt < type.Config.ClockSkew)
            ? throw Refused(route, message, $"has a session '{tag}' that expired at {session.ExpiresAt:O}, and it is {now:O}.")
            : session;
    }

    private static DuctapeException Refused(Route route, ReceivedMessage message, string problem) =>
        route.Error(DuctapeErrorCodes.SessionInvalid, $"the message {message.MessageId} {problem}");
}
