using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.RabbitMQ.Failures;

/// <summary>The server closed a channel or a connection because of a message that was published on it.</summary>
/// <param name="reason">The server's.</param>
/// <param name="isCertain">Whether it was this message, and not one of several.</param>
internal sealed class RabbitMqMessageException(ShutdownEventArgs reason, bool isCertain)
    : Exception($"{reason.ReplyCode}, {reason.ReplyText}", new AlreadyClosedException(reason))
{
    private const int BasicClass = 60;
    private const int PublishMethod = 40;

    public bool IsCertain { get; } = isCertain;

    /// <summary>
    /// Whether the server could not read what it got, and closed the connection: frame, syntax and command errors.
    /// </summary>
    public static bool IsOfConnection(ShutdownEventArgs reason) =>
        reason is { Initiator: ShutdownInitiator.Peer, ReplyCode: Constants.FrameError or Constants.SyntaxError or Constants.CommandInvalid or Constants.UnexpectedFrame };

    /// <summary>
    /// Whether the server closed a channel for what it had to do with a message. Not where the exchange is gone: that
    /// is made again.
    /// </summary>
    public static bool IsOfChannel(ShutdownEventArgs reason) =>
        reason is { Initiator: ShutdownInitiator.Peer, ClassId: BasicClass, MethodId: PublishMethod }
            and not { ReplyCode: Constants.NotFound or Constants.InternalError or Constants.ConnectionForced or Constants.ResourceError };

    /// <summary>Whether it was because of a message, whichever.</summary>
    public static bool IsOfAny(ShutdownEventArgs reason) => IsOfConnection(reason) || IsOfChannel(reason);
}
