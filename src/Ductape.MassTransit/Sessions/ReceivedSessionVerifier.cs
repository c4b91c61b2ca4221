using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// Verifies the session of a message before the callback, where the topic says so. What it refuses goes to
/// <c>_error</c> without retries: the next attempt would find the same. A message may come from anybody, with any
/// headers: nothing in it is believed that neither the proof nor the token says.
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
        if (headers.Get<string>(SessionHeaderNames.Tag) is not { Length: > 0 } tag)
            return required.Count == 0 ? null : throw Refused(route, message, "has no session, and the topic requires one.");
        if (required.Count > 0 && !required.Contains(tag))
            throw Refused(route, message, "has a session that is not among those that the topic requires.");
        if (types.Find(route.ProductTag, route.Env, tag) is not { } type)
            throw Refused(route, message, $"has a session of a type that the product '{route.ProductTag}' does not have.");

        try
        {
            return await type.ProofKeyAsync(message.CancellationToken).ConfigureAwait(false) is { } key
                ? await VerifyProofAsync(route, message, type, key, headers).ConfigureAwait(false)
                : await VerifyTokenAsync(route, message, type, headers).ConfigureAwait(false);
        }
        catch (SessionKeysException exception)
        {
            // The message is not to blame: it is tried again.
            throw route.Error(DuctapeErrorCodes.SessionInvalid,
                $"the session '{tag}' of the message {message.MessageId} cannot be verified: {exception.Message}", exception.InnerException, isTransient: true);
        }
    }

    // Nothing binds the token to the message, so nothing in the message can say when it was sent: our own clock judges.
    private async ValueTask<ReceivedSession> VerifyTokenAsync(Route route, ReceivedMessage message, SessionType type, Headers headers)
    {
        var tag = type.Config.Tag;
        if (type.Config.Forward != SessionForward.Token)
            throw Refused(route, message, $"has a session '{tag}', whose type neither has a SigningKey nor forwards its token: there is nothing to verify.");
        if (headers.Get<string>(SessionHeaderNames.Token) is not { } token)
            throw Refused(route, message, $"has a session '{tag}' without its token, which the session type forwards.");

        return Verified(await SessionOfAsync(route, message, type, token, time.GetUtcNow()).ConfigureAwait(false));
    }

    private async ValueTask<ReceivedSession> VerifyProofAsync(Route route, ReceivedMessage message, SessionType type, byte[] key, Headers headers)
    {
        var tag = type.Config.Tag;
        if (headers.Get<string>(SessionHeaderNames.Proof) is not { } proof || message.ConsumeContext.MessageId is not { } messageId)
            throw Refused(route, message, $"has a session '{tag}' without a proof.");

        var token = headers.Get<string>(SessionHeaderNames.Token);
        var calledAt = TimeOf(proof, key, route, messageId, message, headers, token)
            ?? throw Refused(route, message, $"has a session '{tag}' whose proof does not fit: message or session are not what was published.");

        // Who signed the proof had verified the session at that time.
        var now = time.GetUtcNow();
        var at = route.Sessions.VerifyExpiryOnReceive ? now : calledAt;
        if (token is not null && type.Config.Forward == SessionForward.Token)
            return Verified(await SessionOfAsync(route, message, type, token, at).ConfigureAwait(false));

        var session = ReceivedSession.Of(headers, isVerified: true)!;
        return at != DateTimeOffset.MinValue && !(at - session.ExpiresAt < type.Config.ClockSkew)
            ? throw Refused(route, message, $"has a session '{tag}' that expired at {session.ExpiresAt:O}, and it is {at:O}.")
            : session;
    }

    /// <summary>
    /// The time of the call that a proof is of, the earliest for one that knows no time; null for a proof of something
    /// else.
    /// </summary>
    private static DateTimeOffset? TimeOf(
        string proof, byte[] key, Route route, Guid messageId, ReceivedMessage message, Headers headers, string? token)
    {
        var statement = new SessionProofContent
        {
            Event = route.Event,
            Env = route.Env,
            MessageId = messageId,
            Payload = message.Body.Span,
            // As the publisher spells it.
            Tag = headers.Get<string>(SessionHeaderNames.Tag)!,
            Id = headers.Get<string>(SessionHeaderNames.Id),
            User = headers.Get<string>(SessionHeaderNames.User),
            Expires = headers.Get<string>(SessionHeaderNames.Expires),
            TokenDigest = token is null ? default : VerifiedSession.DigestOf(token),
        };
        if (SessionProof.IsOne(proof))
            return SessionProof.Verify(proof, key, statement);

        return UnversionedProof.IsOf(statement, proof, key) ? DateTimeOffset.MinValue : null;
    }

    private static async ValueTask<VerifiedSession> SessionOfAsync(
        Route route, ReceivedMessage message, SessionType type, string token, DateTimeOffset at)
    {
        var check = await type.VerifyAsync(token, at, message.CancellationToken).ConfigureAwait(false);
        return check.Session ?? throw Refused(route, message, $"has a session '{type.Config.Tag}' whose token {check.Refusal}");
    }

    private static DuctapeException Refused(Route route, ReceivedMessage message, string problem) =>
        route.Error(DuctapeErrorCodes.SessionInvalid, $"the message {message.MessageId} {problem}");

    private static ReceivedSession Verified(VerifiedSession session) =>
        new(session.Tag, session.Id, session.User, session.ExpiresAt, session.Token, session.Claims);
}
