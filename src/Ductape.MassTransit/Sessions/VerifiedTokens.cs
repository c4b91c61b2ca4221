using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// The tokens of a session type that were validated, by their hash, until they expire. At most 4,096.
/// </summary>
internal sealed class VerifiedTokens
{
    private const int Most = 4096;

    private readonly ConcurrentDictionary<TokenHash, VerifiedSession> _sessions = new();
    private readonly Lock _adding = new();
    private int _count;

    public VerifiedSession? Find(in TokenHash hash) => _sessions.GetValueOrDefault(hash);

    /// <summary>Keeps a session, in place of one that was validated with other keys.</summary>
    public void Set(in TokenHash hash, VerifiedSession session, DateTimeOffset now)
    {
        lock (_adding)
        {
            if (_count >= Most)
                MakeRoom(now);
            if (_sessions.TryAdd(hash, session))
                _count++;
            else
                _sessions[hash] = session;
        }
    }

    // What has expired goes; where that is nothing, a quarter, whichever it is: validating it once more only costs
    // time.
    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (hash, _) in _sessions.Where(x => x.Value.ExpiresAt < now))
            Remove(hash);
        if (_count < Most)
            return;
        foreach (var (hash, _) in _sessions.Take(Most / 4))
            Remove(hash);
    }

    private void Remove(in TokenHash hash)
    {
        if (_sessions.TryRemove(hash, out _))
            _count--;
    }
}

/// <summary>The SHA-256 of a token.</summary>
internal readonly record struct TokenHash(UInt128 High, UInt128 Low)
{
    public static TokenHash Of(ReadOnlySpan<char> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token), hash);
        return MemoryMarshal.Read<TokenHash>(hash);
    }
}
