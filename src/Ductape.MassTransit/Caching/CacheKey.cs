using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ductape.MassTransit.Caching;

/// <summary>
/// The keys of what is kept, for every instance the same. The number changes with the form of the values, so that
/// instances of two versions that share a distributed cache do not read each other's.
/// </summary>
internal static class CacheKey
{
    private const string Version = "ductape:1";

    /// <summary>The beginning of the keys of a cache's values. Tags have no colon.</summary>
    public static string ValuesOf(string product, string cache, string generation) => $"{Version}:cache:{product}:{cache}:{generation}:";

    public static string GenerationOf(string product, string cache) => $"{Version}:generation:{product}:{cache}";

    public static string Idempotency(string hash) => $"{Version}:idempotency:{hash}";

    public static string Handled(string queueHash, Guid messageId) => $"{Version}:handled:{queueHash}:{messageId:N}";

    /// <summary>A text of a peer's may be of any length.</summary>
    public static string Handled(string queueHash, string messageId) => $"{Version}:handled:{queueHash}:{Hash("message", messageId)}";

    /// <summary>
    /// One hash of several texts, each with its length before it, so that no two lists of texts come out the same.
    /// </summary>
    public static string Hash(params ReadOnlySpan<string?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, part?.Length ?? -1);
            hash.AppendData(length);
            if (part is not null)
                hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
