using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit;

internal static partial class CacheLog
{
    [LoggerMessage(20, LogLevel.Warning,
        "The distributed cache did not answer: {Reason}. It is left out for {Pause}; until it answers, duplicates are held back within this "
        + "process alone")]
    public static partial void DistributedCacheFailed(this ILogger logger, string reason, TimeSpan pause, Exception exception);
}
