using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(70, LogLevel.Warning,
        "The keys of {Place} could not be fetched; those of the last time go on until {Until:O} and are then refused. Check the address and that it answers")]
    public static partial void KeysNotFetched(this ILogger logger, string place, DateTimeOffset until, Exception exception);
}
