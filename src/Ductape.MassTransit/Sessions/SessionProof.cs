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
    private const byte Version = 1;

    /// <summary>The key of proofs, from the signing key of a session type: nobody who sees it learns how to sign tokens.</summary>
    public static byte[] KeyOf(byte[] signingKey) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, signingKey, 32, salt: [], info: "ductape-session-proof"u8.ToArray());

    public static string Sign(
        byte[] key, Route route, Guid messageId, ReadOnlySpan<byte> payload, string tag, string? id, string? user, string? expires)
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

        Span<byte> proof = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, buffer, proof);
        ArrayPool<byte>.Shared.Return(rented);
        return Base64Url.EncodeToString(proof);
    }

    public static bool AreEqual(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));
}
