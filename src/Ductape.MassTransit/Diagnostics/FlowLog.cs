using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit;

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
}
