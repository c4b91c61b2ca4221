using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ductape.MassTransit.SessionKeys;

namespace Ductape.MassTransit.Sessions;

/// <summary>A session whose token was validated. No record: its text must not show the token.</summary>
internal sealed class VerifiedSession
{
    public required string Tag { get; init; }

    /// <summary>The claim <c>sid</c>, else <c>jti</c>, else null.</summary>
    public required string? Id { get; init; }

    /// <summary>The value of the selector.</summary>
    public required string User { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset? NotBefore { get; init; }

    /// <summary>When the token was issued, where it says so.</summary>
    public required DateTimeOffset? IssuedAt { get; init; }

    public required JsonElement Claims { get; init; }

    /// <summary>The keys that it was validated with, and is valid with alone.</summary>
    public required SessionKeySet Keys { get; init; }

    /// <summary>The token alone, without its tag.</summary>
    public required string Token { get; init; }

    /// <summary>The SHA-256 of the token's text in UTF-8.</summary>
    public byte[] TokenDigest => field ??= DigestOf(Token);

    /// <summary>Whether the token travels with the message.</summary>
    public required SessionForward Forward { get; init; }

    /// <summary>The key of its <see cref="SessionProof"/>, where the session type has a signing key.</summary>
    public byte[]? ProofKey { get; set; }

    /// <summary>Under which keys its revocation would be, once somebody looked.</summary>
    public RevocationKeys? Revocation { get; set; }

    /// <summary>The expiry as it travels.</summary>
    public string ExpiresText => field ??= ExpiresAt.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>What is wrong with its time, or null.</summary>
    public string? TimeProblem(DateTimeOffset at, TimeSpan skew) =>
        NotBefore is { } notBefore && at < notBefore && notBefore - at > skew ? $"is not valid before {notBefore:O}, and it is {at:O}."
        : at >= ExpiresAt && at - ExpiresAt >= skew ? $"expired at {ExpiresAt:O}, and it is {at:O}. Start or refresh the session."
        : null;
}
