namespace Ductape.MassTransit.Topics;

/// <summary>The headers that a message carries its session in.</summary>
internal static class SessionHeaderNames
{
    public const string Tag = "ductape-session-tag";
    public const string Id = "ductape-session-id";
    public const string User = "ductape-session-user";

    /// <summary>The expiry in UTC, as ISO 8601 writes it.</summary>
    public const string Expires = "ductape-session-expires";

    /// <summary>The token without its tag, where the session type forwards it.</summary>
    public const string Token = "ductape-session-token";

    /// <summary>The proof of the publisher, where the session type has a signing key.</summary>
    public const string Proof = "ductape-session-proof";

    private const string Prefix = "ductape-session-";

    /// <summary>Whether a header is one of these.</summary>
    public static bool IsOne(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
}
