namespace Ductape.MassTransit.Sessions;

/// <summary>What a token turned out to be: a session, or the reason why not.</summary>
/// <param name="Session">The session, or null.</param>
/// <param name="Refusal">The rest of a sentence about the token, which it does not repeat.</param>
internal readonly record struct TokenVerdict(VerifiedSession? Session, string? Refusal)
{
    public static TokenVerdict Refused(string refusal) => new(null, refusal);
}
