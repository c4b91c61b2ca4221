using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit;

/// <summary>Checks the messages of a topic before they are sent.</summary>
/// <param name="Schema">What they must fit.</param>
/// <param name="WarnOnly">Whether one that does not is sent all the same.</param>
internal sealed record MessageCheck(MessageSchema Schema, bool WarnOnly)
{
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>, with what differs but no value of the message.</exception>
    public void Run(Route route, ReadOnlySpan<byte> payload, ILogger logger)
    {
        try
        {
            if (Schema.Differences(payload) is not { } differences)
                return;
            if (!WarnOnly)
            {
                throw route.Error(DuctapeErrorCodes.InvalidInput,
                    $"'input.message' does not fit the {Schema.Source} of '{route.Event}': {differences}. Nothing was sent.");
            }

            logger.MessageDiffers(route.ProductTag, route.Env, Schema.Source, route.Event, differences);
        }
        catch (PatternTimeException exception)
        {
            if (!WarnOnly)
            {
                throw route.Error(DuctapeErrorCodes.InvalidInput,
                    $"'input.message' cannot be checked against the {Schema.Source} of '{route.Event}': {exception.Message}. Nothing was sent. Write the "
                    + "pattern without look-arounds, back references and atomic groups, or limit what the texts may be.");
            }

            logger.MessageNotChecked(route.ProductTag, route.Env, Schema.Source, route.Event, exception.Message);
        }
    }
}
