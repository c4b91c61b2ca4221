namespace Ductape.MassTransit.SessionKeys;

/// <summary>A signature algorithm of RFC 7518, section 3.1.</summary>
/// <param name="Name">Its name in the header of a token.</param>
/// <param name="KeyType">The type of its key, as <c>kty</c> of RFC 7517 says it.</param>
/// <param name="Bits">The least bits of its key; for EC the bits of its curve, no more and no less.</param>
internal sealed record SessionAlgorithm(string Name, string KeyType, int Bits)
{
    public const string Hmac = "oct";
    public const string Rsa = "RSA";
    public const string Ec = "EC";

    public static readonly SessionAlgorithm[] All =
    [
        new("HS256", Hmac, 256), new("HS384", Hmac, 384), new("HS512", Hmac, 512),
        new("RS256", Rsa, 2048), new("RS384", Rsa, 2048), new("RS512", Rsa, 2048),
        new("PS256", Rsa, 2048), new("PS384", Rsa, 2048), new("PS512", Rsa, 2048),
        new("ES256", Ec, 256), new("ES384", Ec, 384), new("ES512", Ec, 521),
    ];

    /// <summary>What keys are accepted with that nobody has seen yet.</summary>
    public static readonly string[] OfFetchedKeys = ["RS256", "ES256"];

    public static SessionAlgorithm? Find(string name) => Array.Find(All, x => x.Name == name);

    /// <summary>The algorithm of a key where none is configured.</summary>
    public static string? DefaultOf(SessionKey key) =>
        Array.Find(All, x => x.KeyType == key.Type && (key.Type != Ec || x.Bits == key.Bits))?.Name;

    public bool Fits(SessionKey key) => key.Type == KeyType && (KeyType == Ec ? key.Bits == Bits : key.Bits >= Bits);
}
