namespace Ductape.MassTransit;

/// <summary>
/// Refuses what it cannot verify. Verifying tokens is not built yet, so every session of a configured type is refused as well: a
/// token that nobody looked at must not pass.
/// </summary>
internal static class SessionVerifier
{
    public static void Verify(RouteResolver routes, Route route, SessionInput? session)
    {
        if (session is null || session.IsEmpty)
            return;
        if (string.IsNullOrWhiteSpace(session.Tag))
            throw route.Error(DuctapeErrorCodes.InvalidInput, "'session.tag' is required with 'session.token' and is missing or blank.");
        if (string.IsNullOrWhiteSpace(session.Token))
            throw route.Error(DuctapeErrorCodes.InvalidInput, "'session.token' is required with 'session.tag' and is missing or blank.");

        var product = routes.FindProduct(route.ProductTag);
        throw route.Error(DuctapeErrorCodes.SessionInvalid, product.Sessions.ContainsKey(session.Tag)
            ? $"the token of the session '{session.Tag}' cannot be verified: this version of the library does not verify sessions yet. "
                + "Leave 'session' out."
            : $"the product '{product.Tag}' has no session '{session.Tag}'.{NearMiss.HintOrList(session.Tag, product.Sessions.Keys)}");
    }
}
