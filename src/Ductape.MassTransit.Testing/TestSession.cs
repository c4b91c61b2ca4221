namespace Ductape.MassTransit.Testing;

/// <summary>
/// Who acted when a test message was published: what <see cref="ReceivedMessage.Session"/> then says.
/// </summary>
public sealed record TestSession
{
    /// <summary>The tag of the session type.</summary>
    public required string Tag { get; init; }

    /// <summary>The user.</summary>
    public required string User { get; init; }

    /// <summary>The id of the session. Default: null, none.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// When the token expires (UTC). Default: null; a session that <see cref="IsVerified"/> with <see cref="Claims"/>
    /// then has an hour left.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// The claims, anything that serializes to a JSON object. Default: null, the session type does not forward the
    /// token.
    /// </summary>
    public object? Claims { get; init; }

    /// <summary>
    /// Whether the receiver verified it, as <see cref="TopicOptions.VerifyOnReceive"/> asks. Nothing is verified in a
    /// test. Default: false.
    /// </summary>
    public bool IsVerified { get; init; }
}
