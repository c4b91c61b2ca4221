using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.DeadLetters;

internal static partial class DeadLetterLog
{
    [LoggerMessage(30, LogLevel.Information,
        "Replayed {Replayed} of {Matched} dead letters of {Product} for {Event} in {Env} to the queue {Queue}, {Left} left (dry run: {DryRun})")]
    public static partial void Replayed(
        this ILogger logger, long replayed, long matched, string product, string @event, string env, string queue, long left, bool dryRun);

    [LoggerMessage(31, LogLevel.Information,
        "Discarded {Discarded} of {Matched} dead letters of {Product} for {Event} in {Env} of the queue {Queue}, {Left} left (dry run: {DryRun})")]
    public static partial void Discarded(
        this ILogger logger, long discarded, long matched, string product, string @event, string env, string queue, long left, bool dryRun);
}
