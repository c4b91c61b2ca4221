using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>What a token turned out to be.</summary>
/// <param name="Valid">Whether the token is valid now.</param>
/// <param name="Data">The data of the session: the claims without those that the library itself sets; null for a token
/// that is not valid.</param>
/// <param name="SessionId">The id of the session, where the token has one.</param>
/// <param name="ExpiresAt">When the token expires (UTC).</param>
/// <param name="Reason">Why the token is not valid, in words that do not repeat it; null for a valid one.</param>
public sealed record SessionVerification(bool Valid, JsonElement? Data, string? SessionId, DateTimeOffset? ExpiresAt, string? Reason);
