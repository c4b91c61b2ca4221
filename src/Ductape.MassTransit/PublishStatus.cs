using System.Text.Json.Serialization;

namespace Ductape.MassTransit;

/// <summary>
/// How far a message is when a publish returns. Later versions add values, for messages that wait in the application's
/// own store.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<PublishStatus>))]
public enum PublishStatus
{
    /// <summary>The broker has the message. In JSON <c>published</c>.</summary>
    [JsonStringEnumMemberName("published")]
    Published,
}
