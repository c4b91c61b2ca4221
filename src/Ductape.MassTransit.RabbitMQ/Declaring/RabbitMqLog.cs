using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.RabbitMQ.Declaring;

internal static partial class RabbitMqLog
{
    [LoggerMessage(80, LogLevel.Warning,
        "The exchange {Exchange} was deleted while this process used it. It was made again, and {Queues} queues of this process are bound to it; what was "
        + "published meanwhile came to nobody")]
    public static partial void ExchangeMadeAgain(this ILogger logger, string exchange, int queues);
}
