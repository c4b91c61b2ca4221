using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit;

/// <summary>
/// Who acted when a message was published. The publisher verified it; that nobody has changed it since is certain only
/// where <see cref="IsVerified"/> says so.
/// </summary>
public sealed class ReceivedSession
{
    private readonly string? _token;
    private JsonElement? _claims;

    // One whose token was verified.
    internal ReceivedSession(string tag, string? id, string user, DateTimeOffset expiresAt, string token, JsonElement claims)
    {
        (Tag, Id, User, ExpiresAt, _token, _claims) = (tag, id, user, expiresAt, token, claims);
        IsVerified = true;
    }

    private ReceivedSession(Headers headers, string tag, bool isVerified)
    {
        Tag = tag;
        Id = headers.Get<string>(SessionHeaderNames.Id);
        User = headers.Get<string>(SessionHeaderNames.User);
        ExpiresAt = DateTimeOffset.TryParse(headers.Get<string>(SessionHeaderNames.Expires), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var expires) ? expires : null;
        // One that was verified by its proof has no token, or one that its type does not forward.
        _token = isVerified ? null : headers.Get<string>(SessionHeaderNames.Token);
        IsVerified = isVerified;
    }

    /// <summary>The tag of the session type.</summary>
    public string Tag { get; }

    /// <summary>
    /// The id of the session: the claim <c>sid</c>, else <c>jti</c>; null where the token had neither.
    /// </summary>
    public string? Id { get; }

    /// <summary>The user: the value of the session type's <see cref="SessionTypeOptions.Selector"/>.</summary>
    public string? User { get; }

    /// <summary>When the token expires (UTC). It may have expired since the message was sent.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>
    /// Whether this receiver verified it, as the topic's <see cref="TopicOptions.VerifyOnReceive"/> asks.
    /// </summary>
    public bool IsVerified { get; }

    /// <summary>
    /// The claims of the token, where the session type forwards it (<see cref="SessionForward.Token"/>); else null.
    /// </summary>
    public JsonElement? Claims => _claims ??= ReadClaims();

    /// <summary>The session in words, without its token and claims.</summary>
    public override string ToString() =>
        $"ReceivedSession {{ Tag = {Tag}, Id = {Id}, User = {User}, ExpiresAt = {ExpiresAt:O}, IsVerified = {IsVerified} }}";

    /// <summary>The session of a message, or null where it has none.</summary>
    internal static ReceivedSession? Of(Headers headers, bool isVerified = false) =>
        headers.Get<string>(SessionHeaderNames.Tag) is { Length: > 0 } tag ? new ReceivedSession(headers, tag, isVerified) : null;

    private JsonElement? ReadClaims()
    {
        try
        {
            return _token?.Split('.') is [_, var payload, _] ? JsonElement.Parse(Base64Url.DecodeFromChars(payload)) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
