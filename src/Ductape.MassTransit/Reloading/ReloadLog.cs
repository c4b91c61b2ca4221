using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

internal static partial class ReloadLog
{
    [LoggerMessage(40, LogLevel.Information, "The configuration was reloaded and is in use")]
    public static partial void Reloaded(this ILogger logger);

    [LoggerMessage(41, LogLevel.Error,
        "The reloaded configuration is not valid and changes nothing; the one before stays in use:{Problems}")]
    public static partial void ReloadRejected(this ILogger logger, string problems);

    [LoggerMessage(42, LogLevel.Warning,
        "The subscription of {Product} to {Event} in {Env}, queue {Queue}, ends: the reloaded configuration has no such event. {Reason}")]
    public static partial void SubscriptionRemoved(this ILogger logger, string product, string @event, string env, string queue, string reason);

    [LoggerMessage(43, LogLevel.Warning,
        "The new configuration of {Place} is not in use, and the one before goes on: {Reason}. It is tried again until it works or is changed")]
    public static partial void ReplacementWaits(this ILogger logger, string place, string reason, Exception? exception);

    [LoggerMessage(44, LogLevel.Information, "The new configuration of {Place} is in use: {Connection}")]
    public static partial void Replaced(this ILogger logger, string place, string connection);

    [LoggerMessage(45, LogLevel.Warning,
        "The reloaded configuration names another default Product or Env: that is for the next start, and the rest of it is in use")]
    public static partial void DefaultsKept(this ILogger logger);

    [LoggerMessage(46, LogLevel.Warning,
        "What was changed of {Event} of {Product} is for the next start: {Connection} has its queue, and an endpoint there cannot be made anew "
        + "without losing messages")]
    public static partial void TopicKept(this ILogger logger, string @event, string product, string connection);

    [LoggerMessage(47, LogLevel.Warning, "After a reload the subscription of {Product} to {Event} in {Env} could not be moved and stays where it was")]
    public static partial void MoveFailed(this ILogger logger, string product, string @event, string env, Exception exception);

    [LoggerMessage(48, LogLevel.Error, "The reload failed; it is tried again at the next change of the configuration")]
    public static partial void ReloadFailed(this ILogger logger, Exception exception);
}
