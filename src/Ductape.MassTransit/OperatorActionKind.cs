using System.Text.Json.Serialization;

namespace Ductape.MassTransit;

/// <summary>What was done by hand. Later versions add values. In JSON the name in lower case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperatorActionKind>))]
public enum OperatorActionKind
{
    /// <summary>A subscription was paused.</summary>
    [JsonStringEnumMemberName("pause")]
    Pause,

    /// <summary>A subscription was resumed.</summary>
    [JsonStringEnumMemberName("resume")]
    Resume,

    /// <summary>Dead letters were replayed.</summary>
    [JsonStringEnumMemberName("replay")]
    Replay,

    /// <summary>Dead letters were discarded.</summary>
    [JsonStringEnumMemberName("discard")]
    Discard,

    /// <summary>A session, or all sessions of a user, were revoked.</summary>
    [JsonStringEnumMemberName("revoke")]
    Revoke,
}
