using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Schemas;

/// <summary>Checks the messages of a topic before they are sent.</summary>
internal static class MessageCheck
{
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>, with what differs but no value
    /// of the message.</exception>
    public static void Run(this TopicCheckConfig check, Route route, ReadOnlyMemory<byte> payload, ILogger logger)
    {
        var source = check.Schema.Source;
        try
        {
            if (check.Schema.Differences(payload) is not { } differences)
                return;
            if (!check.WarnOnly)
            {
                throw route.Error(DuctapeErrorCodes.InvalidInput,
                    $"'input.message' does not fit the {source} of '{route.Event}': {differences}. Nothing was sent.");
            }

            logger.MessageDiffers(route.ProductTag, route.Env, source, route.Event, differences);
        }
        catch (MessageNotCheckedException exception)
        {
            if (!check.WarnOnly)
            {
                throw route.Error(DuctapeErrorCodes.InvalidInput,
                    $"'input.message' cannot be checked against the {source} of '{route.Event}': {exception.Message}. Nothing was sent. {exception.Remedy}");
            }

            logger.MessageNotChecked(route.ProductTag, route.Env, source, route.Event, exception.Message);
        }
    }
}
