using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Schemas;

internal static partial class SchemaLog
{
    [LoggerMessage(60, LogLevel.Warning, "'input.message' of {Product} in {Env} does not fit the {Source} of '{Event}': {Differences}. It is sent, since Validate is Warn")]
    public static partial void MessageDiffers(
        this ILogger logger, string product, string env, string source, string @event, string differences);

    [LoggerMessage(61, LogLevel.Warning, "'input.message' of {Product} in {Env} was not checked against the {Source} of '{Event}': {Problem}. It is sent, since Validate is Warn")]
    public static partial void MessageNotChecked(
        this ILogger logger, string product, string env, string source, string @event, string problem);
}
