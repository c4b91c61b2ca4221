using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// Verifies the session of a call. What it refuses is <see cref="DuctapeErrorCodes.SessionInvalid"/>, with the reason
/// in words.
/// </summary>
internal sealed class SessionVerifier(CurrentCatalog catalog, SessionTypes types)
{
    /// <summary>The session of a publish, which the topic may require; null where there is none.</summary>
    public ValueTask<VerifiedSession?> VerifyPublisherAsync(Route route, SessionInput? session, CancellationToken cancellationToken)
    {
        var required = route.Sessions.Required;
        if (required.Count > 0 && (session is null || !required.Contains(session.Tag ?? "")))
        {
            throw route.Error(DuctapeErrorCodes.SessionInvalid,
                $"'{route.Event}' requires a session of {string.Join(" or ", required.Order(StringComparer.Ordinal).Select(x => $"'{x}'"))}, and "
                + (session is null || session.IsEmpty ? "'session' is missing" : string.IsNullOrWhiteSpace(session.Tag) ? "'session.tag' is missing"
                    : $"'session.tag' is {SessionInput.Shown(session.Tag)}") + ". Give the publish a session, { tag, token }.");
        }

        return VerifyAsync(route, session, cancellationToken);
    }

    /// <summary>The session of a call; null where there is none.</summary>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SessionInvalid"/>, or
    /// <see cref="DuctapeErrorCodes.InvalidInput"/> for half a session.</exception>
    public ValueTask<VerifiedSession?> VerifyAsync(Route route, SessionInput? session, CancellationToken cancellationToken) =>
        session is null || session.IsEmpty ? new((VerifiedSession?)null) : VerifyGivenAsync(route, session, cancellationToken);

    private async ValueTask<VerifiedSession?> VerifyGivenAsync(Route route, SessionInput session, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(session.Tag))
            throw route.Error(DuctapeErrorCodes.InvalidInput, "'session.tag' is required with 'session.token' and is missing or blank.");
        if (string.IsNullOrWhiteSpace(session.Token))
            throw route.Error(DuctapeErrorCodes.InvalidInput, "'session.token' is required with 'session.tag' and is missing or blank.");

        var type = types.Find(route.ProductTag, route.Env, session.Tag) ?? throw Unknown(route, session.Tag);
        try
        {
            var check = await type.VerifyAsync(session.Token, cancellationToken).ConfigureAwait(false);
            return check.Session
                ?? throw route.Error(DuctapeErrorCodes.SessionInvalid, $"the token of the session '{session.Tag}' {check.Refusal}");
        }
        catch (SessionKeysException exception)
        {
            throw route.Error(DuctapeErrorCodes.SessionInvalid,
                $"the token of the session '{session.Tag}' cannot be verified: {exception.Message}", exception.InnerException, isTransient: true);
        }
    }

    private DuctapeException Unknown(Route route, string tag)
    {
        var product = catalog.FindProduct(route.ProductTag);
        return route.Error(DuctapeErrorCodes.SessionInvalid,
            $"the product '{product.Tag}' has no session {SessionInput.Shown(tag)}.{NearMiss.HintOrList(tag, product.Sessions.Keys)}");
    }
}
