using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// Proves that who published a message had verified its session and holds the session type's signing key: an HMAC over
/// the message, its event and environment, the session with its token, and the time of the call, so that none of them
/// can be exchanged. In words <c>2.{milliseconds since 1970}.{HMAC in base64url}</c>.
/// </summary>
internal static class SessionProof
{
    /// <summary>The most characters that a proof has.</summary>
    public const int MaxLength = 2 + MaxDigits + 1 + MacLength;

    private const byte Version = 2;
    private const string Prefix = "2.";
    private const int MaxDigits = 19;

    // base64url without padding.
    private const int MacLength = ((HMACSHA256.HashSizeInBytes * 4) + 2) / 3;

    /// <summary>
    /// The key of proofs, from the signing key of a session type: nobody who sees it learns how to sign tokens.
    /// </summary>
    public static byte[] KeyOf(byte[] signingKey) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, signingKey, 32, salt: [], info: "ductape-session-proof"u8.ToArray());

    /// <summary>The proof of a publish.</summary>
    /// <param name="message">The publish.</param>
    /// <param name="proof">Receives it, at most <see cref="MaxLength"/> bytes of ASCII.</param>
    /// <returns>Its length.</returns>
    public static int Sign(ISessionMessage message, Span<byte> proof)
    {
        var session = message.Session!;
        "2."u8.CopyTo(proof);
        message.CalledAt.TryFormat(proof[Prefix.Length..], out var digits, provider: CultureInfo.InvariantCulture);
        var end = Prefix.Length + digits;
        proof[end++] = (byte)'.';
        Sign(
            session.ProofKey!,
            new SessionProofContent
            {
                Event = message.Event,
                Env = message.Env,
                MessageId = message.MessageId,
                Payload = message.Payload.Span,
                Tag = session.Tag,
                Id = session.Id,
                User = session.User,
                Expires = session.ExpiresText,
                TokenDigest = session.Forward == SessionForward.Token ? session.TokenDigest : default,
            },
            message.CalledAt, proof.Slice(end, MacLength));
        return end + MacLength;
    }

    /// <inheritdoc cref="Sign(ISessionMessage, Span{byte})"/>
    public static string Sign(ISessionMessage message)
    {
        Span<byte> proof = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(proof[..Sign(message, proof)]);
    }

    /// <summary>Whether a text says that it is a proof of this version.</summary>
    public static bool IsOne(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The time of the call that a proof is of, or null where it is not the proof of that statement.</summary>
    public static DateTimeOffset? Verify(string proof, byte[] key, in SessionProofContent statement)
    {
        var dot = proof.Length - MacLength - 1;
        if (!IsOne(proof) || proof.Length > MaxLength || dot <= Prefix.Length || proof[dot] != '.'
            || !long.TryParse(proof.AsSpan(Prefix.Length, dot - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var calledAt)
            || calledAt > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return null;

        Span<byte> expected = stackalloc byte[MacLength];
        Sign(key, statement, calledAt, expected);
        Span<byte> given = stackalloc byte[MacLength];
        return Encoding.ASCII.TryGetBytes(proof.AsSpan(dot + 1), given, out var length) && length == MacLength
            && CryptographicOperations.FixedTimeEquals(expected, given)
                ? DateTimeOffset.FromUnixTimeMilliseconds(calledAt)
                : null;
    }

    private static void Sign(byte[] key, in SessionProofContent statement, long calledAt, Span<byte> mac)
    {
        ReadOnlySpan<string?> fields = [statement.Event, statement.Env, statement.Tag, statement.Id, statement.User, statement.Expires];
        var length = 1 + 16 + SHA256.HashSizeInBytes + sizeof(long) + sizeof(int) + statement.TokenDigest.Length;
        foreach (var field in fields)
            length += sizeof(int) + Encoding.UTF8.GetByteCount(field ?? "");

        var rented = ArrayPool<byte>.Shared.Rent(length);
        var buffer = rented.AsSpan(0, length);
        buffer[0] = Version;
        statement.MessageId.TryWriteBytes(buffer[1..]);
        SHA256.HashData(statement.Payload, buffer[17..]);
        var rest = buffer[(17 + SHA256.HashSizeInBytes)..];
        BinaryPrimitives.WriteInt64BigEndian(rest, calledAt);
        rest = rest[sizeof(long)..];
        // With its length before it, no field can pass for the end of another, and none that is missing for an empty
        // one.
        BinaryPrimitives.WriteInt32BigEndian(rest, statement.TokenDigest.Length);
        statement.TokenDigest.CopyTo(rest[sizeof(int)..]);
        rest = rest[(sizeof(int) + statement.TokenDigest.Length)..];
        foreach (var field in fields)
        {
            var written = Encoding.UTF8.GetBytes(field ?? "", rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, field is null ? -1 : written);
            rest = rest[(sizeof(int) + written)..];
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, buffer, hash);
        ArrayPool<byte>.Shared.Return(rented);
        Base64Url.EncodeToUtf8(hash, mac);
    }
}
