using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>Why a publish failed.</summary>
[Experimental("DUCTAPE001")]
public enum PublishFault
{
    /// <summary>Nothing is known of it: the publish fails with what the broker's client said.</summary>
    Unknown,

    /// <summary>
    /// The connection or the channel was lost under it. It is sent once more, under the same ids, when the connection
    /// is back. Not for a transport that itself sees to that.
    /// </summary>
    ConnectionLost,

    /// <summary>
    /// The broker ended the connection or a channel because of this message or another that was under way with it. It
    /// is sent once more; the second time counts as <see cref="Message"/>.
    /// </summary>
    Suspected,

    /// <summary>It is the message itself: the same would fail again, and is not sent again.</summary>
    Message,

    /// <summary>
    /// The broker returned a message that was to be mandatory, because no queue is bound to its topic.
    /// </summary>
    Unroutable,

    /// <summary>The broker refused a message that reached it, for example because a queue is full.</summary>
    Refused,
}
