using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using PublishException = RabbitMQ.Client.Exceptions.PublishException;

namespace Ductape.MassTransit.RabbitMQ.Confirming;

/// <summary>The exceptions that publishes end with.</summary>
internal static class RabbitMqPublishFailure
{
    /// <summary>The server has refused it.</summary>
    /// <param name="number">The server's number for it.</param>
    /// <param name="isUnsettled">Whether the server's nodes are not through with the loss of one of them, and the
    /// message is to be published once more.</param>
    public static Exception Refused(ulong number, bool isUnsettled) => isUnsettled
        ? new RabbitMqConnectionException("RabbitMQ refused the message right after a connection was lost.")
        : new RabbitMqConnectionException("RabbitMQ refused the message.", new PublishException(number, isReturn: false));

    /// <summary>No queue is bound for it.</summary>
    public static Exception Returned(ulong number, BasicReturnEventArgs returned) => new MessageReturnedException("RabbitMQ returned the message.",
        new PublishReturnException(number, $"{returned.ReplyCode} {returned.ReplyText}", returned.Exchange, returned.RoutingKey, returned.ReplyCode, returned.ReplyText));

    /// <summary>
    /// The client could not write it. The client trips over its own state when the connection is closed in the middle
    /// of a publish.
    /// </summary>
    public static Exception NotWritten(Exception exception, IChannel channel) =>
        exception is ChannelClosedException || (exception is InvalidOperationException && !channel.IsOpen)
            ? new RabbitMqConnectionException("The channel was closed.", exception)
            : exception;

    /// <summary>Another message could not be written to its channel.</summary>
    public static Exception AfterNotWritten(Exception exception) =>
        new RabbitMqConnectionException("The channel was closed, since a message could not be written to it.", exception);
}
