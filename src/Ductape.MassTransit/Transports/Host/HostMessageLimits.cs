namespace Ductape.MassTransit.Transports.Host;

/// <summary>
/// What the application's own bus would refuse. Of a bus on RabbitMQ nobody tells what it negotiated, so it is
/// RabbitMQ's default.
/// </summary>
internal sealed class HostMessageLimits(Func<IBus> bus, HeaderBytes sizeOf) : IMessageLimits
{
    // The default frame_max of 128 KiB, less what MassTransit and a failure add.
    private const int MostOnRabbitMq = 120 * 1024;

    private readonly Lazy<bool> _isRabbitMq = new(() => bus().Address.Scheme.StartsWith("rabbitmq", StringComparison.OrdinalIgnoreCase));

    public void Check(ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, object?>? headers, MessageFormat format, int maxMessageSize)
    {
        if (headers is not { Count: > 0 })
            return;

        var size = sizeOf(headers);
        var (most, of) = _isRabbitMq.Value && size > MostOnRabbitMq ? (MostOnRabbitMq, "of them in one frame, at its default frame_max") : (maxMessageSize - payload.Length, "beside the payload");
        if (size > most)
        {
            throw new DuctapeException(DuctapeErrorCodes.MessageTooLarge,
                $"the {headers.Count} headers take {size} bytes, and the application's own MassTransit bus takes at most {most} {of}. Nothing was sent. Put less into the headers and more "
                + "into the message.");
        }
    }
}
