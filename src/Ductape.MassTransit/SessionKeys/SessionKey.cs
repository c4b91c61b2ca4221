using Microsoft.IdentityModel.Tokens;

namespace Ductape.MassTransit.SessionKeys;

/// <summary>One key that tokens are verified with.</summary>
internal sealed class SessionKey(SecurityKey key, string type, int bits)
{
    public SecurityKey Key => key;

    /// <summary>As <c>kty</c> of RFC 7517.</summary>
    public string Type => type;

    public int Bits => bits;

    /// <summary>The key of a JSON Web Key, or null for a kind that verifies no signature.</summary>
    public static SessionKey? Of(JsonWebKey key) => key.Kty switch
    {
        SessionAlgorithm.Rsa when key.N is not null && key.E is not null => new SessionKey(key, key.Kty, key.KeySize),
        SessionAlgorithm.Ec when key.X is not null && key.Y is not null => new SessionKey(key, key.Kty, BitsOfCurve(key.Crv)),
        _ => null,
    };

    private static int BitsOfCurve(string? curve) => curve switch
    {
        JsonWebKeyECTypes.P256 => 256,
        JsonWebKeyECTypes.P384 => 384,
        JsonWebKeyECTypes.P521 => 521,
        _ => 0,
    };
}
