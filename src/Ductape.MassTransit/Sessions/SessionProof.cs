using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Ductape.MassTransit;

/// <summary>
/// Proves that who published a message had verified its session and holds the session type's signing key: an HMAC over the message, its
/// event and environment, and the session, so that none of them can be exchanged.
/// </summary>
internal static class SessionProof
{
    /// <summary>How many characters a proof has: base64url without padding.</summary>
    public const int Length = ((HMACSHA256.HashSizeInBytes * 4) + 2) / 3;

    private const byte Version = 1;

    /// <summary>The key of proofs, from the signing key of a session type: nobody who sees it learns how to sign tokens.</summary>
    public static byte[] KeyOf(byte[] signingKey) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, signingKey, 32, salt: [], info: "ductape-session-proof"u8.ToArray());

    /// <summary>The proof of a publish.</summary>
    public static string Sign(PublishCall call)
    {
        Span<byte> proof = stackalloc byte[Length];
        Sign(call, proof);
        return Encoding.ASCII.GetString(proof);
    }

    /// <inheritdoc cref="Sign(PublishCall)"/>
    /// <param name="call">The publish.</param>
    /// <param name="proof">Receives it, <see cref="Length"/> bytes of ASCII.</param>
    public static void Sign(PublishCall call, Span<byte> proof)
    {
        var session = call.Session!;
        Sign(session.ProofKey!, call.Route, call.MessageId, call.Payload.Span, session.Tag, session.Id, session.User, session.ExpiresText, proof);
    }

    /// <summary>Whether a proof is that of these fields.</summary>
    public static bool IsProof(string given, byte[] key, Route route, Guid messageId, ReadOnlySpan<byte> payload, string tag, string? id, string? user,
        string? expires)
    {
        Span<byte> expected = stackalloc byte[Length];
        Sign(key, route, messageId, payload, tag, id, user, expires, expected);
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(given));
    }

    private static void Sign(byte[] key, Route route, Guid messageId, ReadOnlySpan<byte> payload, string tag, string? id, string? user,
        string? expires, Span<byte> proof)
    {
        ReadOnlySpan<string?> fields = [route.Event, route.Env, tag, id, user, expires];
        var length = 1 + 16 + SHA256.HashSizeInBytes;
        foreach (var field in fields)
            length += 4 + Encoding.UTF8.GetByteCount(field ?? "");

        var rented = ArrayPool<byte>.Shared.Rent(length);
        var buffer = rented.AsSpan(0, length);
        buffer[0] = Version;
        messageId.TryWriteBytes(buffer[1..]);
        SHA256.HashData(payload, buffer[17..]);
        var rest = buffer[(17 + SHA256.HashSizeInBytes)..];
        foreach (var field in fields)
        {
            // With its length before it, no field can pass for the end of another.
            var written = Encoding.UTF8.GetBytes(field ?? "", rest[4..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, written);
            rest = rest[(4 + written)..];
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, buffer, hash);
        ArrayPool<byte>.Shared.Return(rented);
        Base64Url.EncodeToUtf8(hash, proof);
    }
}
