using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Filters;

internal static partial class FilterLog
{
    [LoggerMessage(80, LogLevel.Warning,
        "The {Kind} filter {Filter} never runs, since no configured event matches its pattern '{Pattern}'. Correct the pattern where the filter is "
        + "added, or configure the event.{Hint}")]
    public static partial void FilterUnused(this ILogger logger, string kind, Type filter, EventPattern pattern, string hint);
}
