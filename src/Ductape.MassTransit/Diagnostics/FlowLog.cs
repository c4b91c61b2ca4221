using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Diagnostics;

internal static partial class FlowLog
{
    [LoggerMessage(50, LogLevel.Information, "Paused the subscription of {Product} to {Event} in {Env}, queue {Queue}")]
    public static partial void Paused(this ILogger logger, string product, string @event, string env, string queue);

    [LoggerMessage(51, LogLevel.Information, "Resumed the subscription of {Product} to {Event} in {Env}, queue {Queue}")]
    public static partial void Resumed(this ILogger logger, string product, string @event, string env, string queue);

    [LoggerMessage(52, LogLevel.Warning,
        "The kill switch of the subscription of {Product} to {Event} in {Env} tripped: {Failures} of {Messages} messages failed. Nothing is taken "
        + "from queue {Queue} until {RestartAt}")]
    public static partial void KillSwitchTripped(this ILogger logger, string product, string @event, string env, int failures, int messages,
        string queue, DateTimeOffset restartAt, Exception exception);

    [LoggerMessage(53, LogLevel.Information,
        "The kill switch of the subscription of {Product} to {Event} in {Env} tries queue {Queue} again")]
    public static partial void KillSwitchRestarts(this ILogger logger, string product, string @event, string env, string queue);

    [LoggerMessage(54, LogLevel.Information,
        "The message {MessageId} of {Event} in {Env} waited for its next attempt when its queue {Queue} was to be read no longer. It was not acknowledged, "
        + "returns to the queue and is delivered again")]
    public static partial void RetryGivenBack(this ILogger logger, string? messageId, string @event, string env, string queue);

    [LoggerMessage(55, LogLevel.Warning,
        "The message {MessageId} of {Event} in {Env} waited for its next attempt when its queue {Queue} ended, which lives no longer than this process or its "
        + "subscription: it is gone with the queue")]
    public static partial void RetryLost(this ILogger logger, string? messageId, string @event, string env, string queue);

    [LoggerMessage(56, LogLevel.Warning,
        "The message {MessageId} of {Event} in {Env} failed because the service provider was disposed before the subscription was stopped. That is no failure "
        + "of the message: the queue {Queue} delivers it again, where it outlives this process. Stop the host, or dispose the subscription, first")]
    public static partial void ProviderIsGone(
        this ILogger logger, string? messageId, string @event, string env, string queue, Exception exception);
}
