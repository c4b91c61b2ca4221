using Ductape.MassTransit.Transports;
using RabbitMQ.Client.Exceptions;
using PublishException = RabbitMQ.Client.Exceptions.PublishException;

namespace Ductape.MassTransit.RabbitMQ.Failures;

/// <summary>Tells exceptions of MassTransit, RabbitMQ.Client and this library apart.</summary>
internal static class RabbitMqFailures
{
    /// <summary>Whether the server refused what was to be declared or read, and would do so again.</summary>
    public static bool IsRefusal(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            // Access refused, resource locked, precondition failed (the queue exists otherwise), not allowed.
            if (e is RabbitMqMissingException or OperationInterruptedException { ShutdownReason.ReplyCode: 403 or 405 or 406 or 530 })
                return true;
        }

        return false;
    }

    /// <summary>Whether the connection or the channel was lost.</summary>
    // An operation that the broker answered with an error says so itself; AlreadyClosed is what the others on the same
    // channel get, and 491 what MassTransit makes of it.
    public static bool IsConnectionLoss(Exception exception) =>
        !IsPublishRefusal(exception)
        && exception is RabbitMqMessageException { IsCertain: false } or ConnectionException or AlreadyClosedException or ObjectDisposedException or IOException
            or OperationCanceledException or OperationInterruptedException { ShutdownReason: null or { ReplyCode: < 400 or 491 or 541 } }
        // A declaration beside a message that made the server close the channel.
        || (exception is OperationInterruptedException { ShutdownReason: { } reason } && RabbitMqMessageException.IsOfAny(reason));

    /// <summary>Whether the server refused a message that was published.</summary>
    public static bool IsPublishRefusal(Exception exception) => exception.InnerException is PublishException { IsReturn: false };

    /// <summary>Why a publish failed.</summary>
    public static PublishFault FindPublishFault(Exception exception) => exception switch
    {
        RabbitMqMessageException { IsCertain: true } => PublishFault.Message,
        RabbitMqMessageException => PublishFault.Suspected,
        _ when IsConnectionLoss(exception) => PublishFault.ConnectionLost,
        MessageReturnedException => PublishFault.Unroutable,
        _ when IsPublishRefusal(exception) => PublishFault.Refused,
        _ => PublishFault.Unknown,
    };
}
