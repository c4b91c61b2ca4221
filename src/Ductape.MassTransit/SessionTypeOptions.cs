namespace Ductape.MassTransit;

/// <summary>
/// A session type of a product: how its tokens (JSON Web Tokens, RFC 7519) are verified and issued. Exactly one of
/// <see cref="SigningKey"/>, <see cref="PublicKey"/>, <see cref="Jwks"/>, <see cref="JwksUri"/> and
/// <see cref="Authority"/> says with which key. Strings may hold <c>$Secret{KEY}</c> references, which are resolved at
/// the first use. Source: Ductape's sessions documentation.
/// </summary>
public sealed class SessionTypeOptions
{
    /// <summary>
    /// The secret that tokens are signed and verified with (HMAC), as text; its UTF-8 bytes are the key: at least 32
    /// for HS256, 48 for HS384, 64 for HS512 (RFC 7518, section 3.2). Only a session type with this key issues tokens
    /// itself (<see cref="ISessions"/>).
    /// </summary>
    public string? SigningKey { get; set; }

    /// <summary>
    /// The public key or certificate that tokens are verified with: PEM text, or the path of a PEM file, relative to
    /// the current directory. RSA of 2048 bits and more, or one of the curves P-256, P-384 and P-521.
    /// </summary>
    public string? PublicKey { get; set; }

    /// <summary>The public keys that tokens are verified with: a JSON Web Key Set (RFC 7517) as JSON text.</summary>
    public string? Jwks { get; set; }

    /// <summary>
    /// Where the JSON Web Key Set is fetched: an <c>https</c> address, or <c>http</c> on this machine. Fetched at the
    /// first use, again every five minutes while tokens are verified, and, at most once a minute, when a token is
    /// signed with a key that is not there. A key that the issuer takes back is refused after ten minutes at most, also
    /// for tokens that were verified with it before. While the issuer does not answer, the keys of the last time go on
    /// for 24 hours.
    /// </summary>
    public string? JwksUri { get; set; }

    /// <summary>
    /// An OpenID Connect issuer: keys and issuer come from <c>{Authority}/.well-known/openid-configuration</c>.
    /// <c>https</c>, or <c>http</c> on this machine. Set <see cref="Audience"/> too: the issuer signs tokens for other
    /// applications with the same keys.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>
    /// The signature algorithms that are accepted: <c>HS256</c>, <c>HS384</c>, <c>HS512</c> with
    /// <see cref="SigningKey"/>; <c>RS…</c>, <c>PS…</c> and <c>ES…</c> with the others. The first one signs the tokens
    /// that are issued here.
    /// <value>Default: by the key, <c>HS256</c>, <c>RS256</c>, or the ES algorithm of its curve; for fetched keys
    /// <c>RS256</c> and <c>ES256</c>.</value>
    /// </summary>
    public List<string> Algorithms { get; set; } = [];

    /// <summary>
    /// The issuer (<c>iss</c>) that a token must have. Default: not looked at; with <see cref="Authority"/> the
    /// authority's own.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The audience (<c>aud</c>) that a token must have. Default: not looked at.</summary>
    public string? Audience { get; set; }

    /// <summary>
    /// How far the clocks of issuer and verifier may be apart, at most ten minutes: a token is accepted that long
    /// before and after its time.
    /// <value>Default: 30 seconds.</value>
    /// </summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The claim that identifies the user, as <c>$Session{path}</c>; dots descend: <c>$Session{details.username}</c>.
    /// Its value is a string, a number or a boolean.
    /// <value>Default: <c>$Session{sub}</c>.</value>
    /// </summary>
    public string? Selector { get; set; }

    /// <summary>
    /// How long a token that is issued here lasts, at most 3,650 days. In a configuration a time span, as
    /// <c>08:00:00</c>, or Ductape's whole number, whose unit is <see cref="Period"/>. <value>Default: one
    /// hour.</value>
    /// </summary>
    [WholeNumberOf("hours", UnitKey = nameof(Period))]
    public TimeSpan? Expiry { get; set; }

    /// <summary>
    /// In a configuration, the unit of an <see cref="Expiry"/> that is a whole number: <c>seconds</c>, <c>minutes</c>,
    /// <c>hours</c> or <c>days</c>. <value>Default: <c>hours</c>.</value>
    /// </summary>
    public string? Period { get; set; }

    /// <summary>
    /// Whether messages that are published with a session carry its token too, so that receivers have its claims and
    /// can act with it. Whoever can read the queue then has the token. A receiver believes it only where its own
    /// session type forwards it too, and with a <see cref="SigningKey"/> only together with the proof that binds it to
    /// the message.
    /// <value>Default: <see cref="SessionForward.None"/>.</value>
    /// </summary>
    public SessionForward Forward { get; set; }
}
