namespace Ductape.MassTransit.SessionKeys;

/// <summary>Where the key of a session type comes from; the names are those of the options.</summary>
internal enum SessionKeyKind
{
    SigningKey,
    PublicKey,
    Jwks,
    JwksUri,
    Authority,
}
