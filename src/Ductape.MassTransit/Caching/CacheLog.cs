using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Caching;

internal static partial class CacheLog
{
    [LoggerMessage(20, LogLevel.Warning,
        "The distributed cache did not answer: {Reason}. It is left out for {Pause}; until it answers, duplicates are held back within this "
        + "process alone")]
    public static partial void DistributedCacheFailed(this ILogger logger, string reason, TimeSpan pause, Exception exception);

    [LoggerMessage(21, LogLevel.Information, "The message {MessageId} of {Event} in {Env} was handled before; its copy in the queue {Queue} is dropped")]
    public static partial void CopyDropped(this ILogger logger, string? messageId, string @event, string env, string queue);
}
