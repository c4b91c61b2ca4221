using System.Collections.Immutable;
using Ductape.MassTransit.Secrets;
using Ductape.MassTransit.SessionKeys;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>A session type as it was validated. No record: its text must not show the key.</summary>
internal sealed class SessionTypeConfig
{
    public required string Tag { get; init; }

    /// <summary>Where it is configured, for messages.</summary>
    public required string Path { get; init; }

    public required SessionKeyKind KeyKind { get; init; }

    /// <summary>The key or where it is, references unresolved.</summary>
    public required string Key { get; init; }

    public required ImmutableArray<string> Algorithms { get; init; }

    public required string? Issuer { get; init; }

    public required string? Audience { get; init; }

    public required TimeSpan ClockSkew { get; init; }

    public required SelectorPath Selector { get; init; }

    /// <summary>How long a token that is issued here lasts.</summary>
    public required TimeSpan Lifetime { get; init; }

    public required SessionForward Forward { get; init; }

    /// <summary>Where the references in it are looked up.</summary>
    public required SecretReferences Secrets { get; init; }

    /// <summary>Equal for session types of which everything is the same, configured secrets included.</summary>
    public required string Fingerprint { get; init; }

    public static SessionTypeConfig Of(string tag, string path, SessionTypeOptions options, SecretReferences secrets)
    {
        var (kind, key) = KeysOf(options)[0];
        return new SessionTypeConfig
        {
            Tag = tag,
            Path = path,
            KeyKind = kind,
            Key = key,
            Algorithms = [.. options.Algorithms],
            Issuer = NullIfBlank(options.Issuer),
            Audience = NullIfBlank(options.Audience),
            ClockSkew = options.ClockSkew,
            Selector = options.Selector is null ? SelectorPath.Default : SelectorPath.TryParse(options.Selector)!,
            Lifetime = options.Expiry ?? TimeSpan.FromHours(1),
            Forward = options.Forward,
            Secrets = secrets,
            Fingerprint = OptionsFingerprint.Of(options) + secrets.FingerprintOf(options),
        };
    }

    /// <summary>The keys that are given; one is right.</summary>
    public static (SessionKeyKind Kind, string Key)[] KeysOf(SessionTypeOptions options) =>
    [
        .. new (SessionKeyKind Kind, string? Key)[]
        {
            (SessionKeyKind.SigningKey, options.SigningKey), (SessionKeyKind.PublicKey, options.PublicKey), (SessionKeyKind.Jwks, options.Jwks),
            (SessionKeyKind.JwksUri, options.JwksUri), (SessionKeyKind.Authority, options.Authority),
        }.Where(x => !string.IsNullOrWhiteSpace(x.Key)).Select(x => (x.Kind, x.Key!)),
    ];

    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
