using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Information, "Connected to {Connection} for receiving")]
    public static partial void Receiving(this ILogger logger, string connection);

    [LoggerMessage(61, LogLevel.Warning, "Not connected to {Connection} for receiving: {Reason}. It is tried again until it answers")]
    public static partial void NotReceiving(this ILogger logger, string connection, string reason, Exception exception);

    [LoggerMessage(62, LogLevel.Warning, "{Connection} is connected, but {Trouble}")]
    public static partial void TroubleBegan(this ILogger logger, string connection, string trouble);

    [LoggerMessage(63, LogLevel.Information, "{Connection} works again. Before, {Trouble}")]
    public static partial void TroubleEnded(this ILogger logger, string connection, string trouble);
}
