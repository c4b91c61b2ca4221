using System.Globalization;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// What Service Bus would refuse or cut off: it counts headers with the message, and MassTransit cuts long ones.
/// </summary>
internal sealed class AzureServiceBusMessageLimits : IMessageLimits
{
    /// <summary>The most bytes of a message in the Standard tier.</summary>
    public const int StandardLimit = 256 * 1024;

    /// <summary>The most bytes of a message in the Premium tier, where the topic does not allow more.</summary>
    public const int PremiumLimit = 1024 * 1024;

    /// <summary>The most that a topic of the Premium tier can allow.</summary>
    public const int LargestLimit = 100 * 1024 * 1024;

    /// <summary>What envelope and properties may take beside payload and headers.</summary>
    public const int Allowance = 8 * 1024;

    // Beyond it MassTransit cuts.
    private const int MaxHeaderLength = 16_000;

    public void Check(ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, object?>? headers, MessageFormat format, int maxMessageSize)
    {
        if (headers is not { Count: > 0 })
            return;

        var size = 0;
        foreach (var (name, value) in headers)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            if (text.Length > MaxHeaderLength)
            {
                throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                    $"'input.headers.{name}' has {text.Length} characters; on Azure Service Bus a header has at most {MaxHeaderLength}. Nothing was sent.");
            }

            size += AzureServiceBusFailure.SizeOf(name, text);
        }

        if (size > AzureServiceBusFailure.MostBytes - AzureServiceBusFailure.Room)
        {
            throw new DuctapeException(DuctapeErrorCodes.MessageTooLarge,
                $"the {headers.Count} headers take {size} bytes; Azure Service Bus takes {AzureServiceBusFailure.MostBytes} of a message's properties, and at most "
                + $"{AzureServiceBusFailure.MostBytes - AzureServiceBusFailure.Room} of them are the publisher's, for a failure to have room. Nothing was sent. Put less into the headers and more into "
                + "the message.");
        }

        // In the envelope, and again as properties.
        size *= format == MessageFormat.Envelope ? 2 : 1;
        if ((long)payload.Length + size > (long)maxMessageSize + (Allowance / 2))
        {
            throw new DuctapeException(DuctapeErrorCodes.MessageTooLarge,
                $"the payload has {payload.Length} bytes and the headers take {size}; Azure Service Bus counts both, and takes at most "
                + $"{maxMessageSize + (Allowance / 2)} together. Nothing was sent. Send less, or a reference to what is stored elsewhere.");
        }
    }
}
