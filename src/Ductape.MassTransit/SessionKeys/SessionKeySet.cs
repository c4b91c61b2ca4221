using System.Collections.Immutable;
using Microsoft.IdentityModel.Tokens;

namespace Ductape.MassTransit.SessionKeys;

/// <summary>The keys of a session type and the algorithms that are accepted with them.</summary>
internal sealed class SessionKeySet(ImmutableArray<SecurityKey> keys, ImmutableArray<string> algorithms)
{
    public ImmutableArray<SecurityKey> Keys => keys;

    public ImmutableArray<string> Algorithms => algorithms;

    /// <summary>The issuer that published the keys, where it said so.</summary>
    public string? Issuer { get; init; }

    /// <summary>Whether a set that was fetched has the same keys of the same issuer.</summary>
    public bool IsSame(SessionKeySet other) => Issuer == other.Issuer && algorithms.SequenceEqual(other.Algorithms)
        && keys.Select(TextOf).Order(StringComparer.Ordinal).SequenceEqual(other.Keys.Select(TextOf).Order(StringComparer.Ordinal));

    /// <summary>
    /// Reads a key that is given as text, or says what is wrong with it in <paramref name="problems"/>.
    /// </summary>
    /// <param name="kind">What the text is.</param>
    /// <param name="text">The text, references resolved.</param>
    /// <param name="algorithms">The algorithms that are configured; none means the default of the key.</param>
    /// <param name="path">The configuration path of the session type.</param>
    /// <param name="problems">Receives the problems. None repeats the key.</param>
    public static SessionKeySet Read(
        SessionKeyKind kind, string text, ImmutableArray<string> algorithms, string path, ICollection<ConfigurationProblem> problems)
    {
        var keys = SessionKeyReader.Read(kind, text, out var problem);
        if (problem is not null)
        {
            problems.Add(problem.Below(path));
            return new SessionKeySet([], algorithms);
        }

        var accepted = algorithms.IsEmpty
            ? [.. keys.Select(SessionAlgorithm.DefaultOf).OfType<string>().Distinct()]
            : algorithms;
        if (accepted.IsEmpty)
            problems.Add(new($"{path}:{kind}", "it is on a curve that no algorithm uses", "one of P-256, P-384 and P-521"));

        foreach (var algorithm in accepted.Select(SessionAlgorithm.Find).OfType<SessionAlgorithm>())
        {
            var ofType = keys.Where(x => x.Type == algorithm.KeyType).ToArray();
            // That a kind of key and an algorithm do not belong together was said without looking at the key.
            if (ofType.Length == 0 && (keys[0].Type == SessionAlgorithm.Hmac || algorithm.KeyType == SessionAlgorithm.Hmac))
                continue;

            if (ofType.Length == 0)
            {
                problems.Add(new($"{path}:{kind}", $"it is no {algorithm.KeyType} key, and {algorithm.Name} needs one",
                    $"change the key or {path}:Algorithms"));
            }
            else if (!ofType.Any(algorithm.Fits))
            {
                problems.Add(Misfit($"{path}:{kind}", algorithm, ofType[0].Bits));
            }
        }

        return new SessionKeySet([.. keys.Where(x => accepted.Any(a => SessionAlgorithm.Find(a)?.Fits(x) == true)).Select(x => x.Key)], accepted);
    }

    private static string TextOf(SecurityKey key) => key is JsonWebKey x
        ? string.Join(' ', x.Kty, x.Kid, x.Alg, x.Use, x.N, x.E, x.Crv, x.X, x.Y)
        : throw new InvalidOperationException("Only fetched keys change.");

    private static ConfigurationProblem Misfit(string path, SessionAlgorithm algorithm, int bits) => algorithm.KeyType switch
    {
        SessionAlgorithm.Ec => new(path, $"it is on a curve of {bits} bits, and {algorithm.Name} needs the one of {algorithm.Bits}"),
        SessionAlgorithm.Hmac => new(path, $"it is too short: it has {bits / 8} bytes, and {algorithm.Name} needs at least {algorithm.Bits / 8}",
            "Generate a random one, for example with 'openssl rand -base64 48'."),
        _ => new(path, $"it is too short: it has {bits} bits, and {algorithm.Name} needs at least {algorithm.Bits}"),
    };
}
