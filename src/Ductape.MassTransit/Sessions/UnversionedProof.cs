using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// The proof of the releases before the one that numbered it, which is still accepted for one release, so that
/// instances can be upgraded one after the other. It knows neither token nor time: whoever kept such a message can send
/// it once more as it is, and nothing else.
/// </summary>
internal static class UnversionedProof
{
    private const int Length = ((HMACSHA256.HashSizeInBytes * 4) + 2) / 3;

    public static bool IsOf(in SessionProofContent statement, string proof, byte[] key)
    {
        if (proof.Length != Length || !statement.TokenDigest.IsEmpty)
            return false;

        ReadOnlySpan<string?> fields = [statement.Event, statement.Env, statement.Tag, statement.Id, statement.User, statement.Expires];
        var length = 1 + 16 + SHA256.HashSizeInBytes;
        foreach (var field in fields)
            length += 4 + Encoding.UTF8.GetByteCount(field ?? "");

        var rented = ArrayPool<byte>.Shared.Rent(length);
        var buffer = rented.AsSpan(0, length);
        buffer[0] = 1;
        statement.MessageId.TryWriteBytes(buffer[1..]);
        SHA256.HashData(statement.Payload, buffer[17..]);
        var rest = buffer[(17 + SHA256.HashSizeInBytes)..];
        foreach (var field in fields)
        {
            var written = Encoding.UTF8.GetBytes(field ?? "", rest[4..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, written);
            rest = rest[(4 + written)..];
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, buffer, hash);
        ArrayPool<byte>.Shared.Return(rented);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(hash)), Encoding.UTF8.GetBytes(proof));
    }
}
