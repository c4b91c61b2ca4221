using System.Text.Json.Serialization;

namespace Ductape.MassTransit;

/// <summary>What a subscription does at the moment. In JSON the name in lower case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SubscriptionState>))]
public enum SubscriptionState
{
    /// <summary>It waits for its broker, or for its queue; it begins by itself.</summary>
    [JsonStringEnumMemberName("starting")]
    Starting,

    /// <summary>Messages are delivered to it.</summary>
    [JsonStringEnumMemberName("receiving")]
    Receiving,

    /// <summary>It was paused, and waits to be resumed; also where its kill switch has tripped besides.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>The kill switch of its topic holds it; it tries again by itself.</summary>
    [JsonStringEnumMemberName("tripped")]
    Tripped,

    /// <summary>The broker refuses its queue. Resume it when the cause is gone.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}
