using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Connected to {Connection}")]
    public static partial void Connected(this ILogger logger, string connection);

    [LoggerMessage(2, LogLevel.Warning, "Not connected to {Connection}: {Reason}. It is tried again until it answers")]
    public static partial void Disconnected(this ILogger logger, string connection, string reason, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "Subscribed {Product} to {Event} in {Env}, queue {Queue}")]
    public static partial void Subscribed(this ILogger logger, string product, string @event, string env, string queue);

    [LoggerMessage(4, LogLevel.Warning,
        "The subscription of {Product} to {Event} in {Env} waits for {Connection}; it begins by itself when the broker answers")]
    public static partial void SubscriptionWaits(this ILogger logger, string product, string @event, string env, string connection);

    [LoggerMessage(81, LogLevel.Warning,
        "The subscription of {Product} to {Event} in {Env} waits until an earlier stop of its queue {Queue} is complete, whose time was up while callbacks "
        + "ran; it begins by itself when they have ended")]
    public static partial void SubscriptionAwaitsStop(this ILogger logger, string product, string @event, string env, string queue);

    [LoggerMessage(5, LogLevel.Error, "The subscription of {Product} to {Event} in {Env} failed")]
    public static partial void SubscriptionFailed(this ILogger logger, string product, string @event, string env, Exception exception);

    [LoggerMessage(6, LogLevel.Information, "Unsubscribed {Product} from {Event} in {Env}, queue {Queue}")]
    public static partial void Unsubscribed(this ILogger logger, string product, string @event, string env, string queue);

    [LoggerMessage(7, LogLevel.Warning, "The receive endpoint {Queue} did not start anew after {Connection} came back")]
    public static partial void RestartFailed(this ILogger logger, string queue, string connection, Exception exception);

    [LoggerMessage(8, LogLevel.Warning,
        "The time to stop the subscription of {Product} to {Event} in {Env} was up before its callbacks ended; what queue {Queue} had not had "
        + "acknowledged is delivered again")]
    public static partial void CallbacksAbandoned(this ILogger logger, string product, string @event, string env, string queue);

    [LoggerMessage(14, LogLevel.Warning,
        "{List}: .NET merges the lists of its sources by index. Give the list in one source alone, or with as many elements in the later one")]
    public static partial void ListMerged(this ILogger logger, string list);

    [LoggerMessage(9, LogLevel.Warning,
        "The broker {Broker} of {Product} is of type HOST in {Env}, where the queues of Subscribers ({Event}) are not declared: what is published before a "
        + "subscriber was there for the first time does not reach it")]
    public static partial void SubscribersNotDeclared(this ILogger logger, string broker, string product, string env, string @event);

    [LoggerMessage(10, LogLevel.Warning,
        "The message {MessageId} of {Event} in {Env} failed and goes back into the queue {Queue} after {Delay}: {Reason}")]
    public static partial void Redelivered(
        this ILogger logger, string? messageId, string @event, string env, string queue, TimeSpan delay, string reason, Exception exception);

    [LoggerMessage(11, LogLevel.Warning,
        "{Connection} cannot deliver a message again later, so the Redelivery of {Event} does not apply to {Product} in {Env}: what fails goes to "
        + "_error after its retries")]
    public static partial void RedeliveryNotPossible(this ILogger logger, string product, string @event, string env, string connection);

    [LoggerMessage(12, LogLevel.Warning,
        "The message {MessageId} of {Event} in {Env} failed and could not be set aside for its redelivery to the queue {Queue}: {Reason}")]
    public static partial void NotRedelivered(
        this ILogger logger, string? messageId, string @event, string env, string queue, string reason, Exception exception);

    [LoggerMessage(13, LogLevel.Warning,
        "The time to stop the subscription of {Product} to {Event} in {Env} was up before its callbacks ended; they are left to themselves, since queue {Queue} "
        + "lives no longer than this process or its subscription")]
    public static partial void CallbacksLeft(this ILogger logger, string product, string @event, string env, string queue);
}
