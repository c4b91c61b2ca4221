using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>Whether the broker ended a connection or a channel because of a message.</summary>
[Experimental("DUCTAPE001")]
public enum MessageFault
{
    /// <summary>It was something else.</summary>
    None,

    /// <summary>It was this message or another that was under way with it. It is sent once more.</summary>
    Possible,

    /// <summary>It was this message. It is not sent again.</summary>
    Certain,
}
