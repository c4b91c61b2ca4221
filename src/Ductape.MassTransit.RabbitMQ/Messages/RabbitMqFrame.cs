using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Messages;

/// <summary>
/// How much fits into the one frame that has all properties and headers of a message. Client and server negotiate the
/// size of frames; where one is larger, the server closes the connection (501), and with it all that is under way on
/// it.
/// </summary>
internal static class RabbitMqFrame
{
    // Type, channel, length and end of the frame; class, weight and the length of the body.
    private const int Overhead = 8 + 12;

    // What the client itself may add to a message with all the rest: its trace, the number of the publish.
    private const int MostOfClient = 1024;

    // What a failure has in its shortest form, and how often a message was tried, redelivered and replayed.
    private const int MostOfFailure = 4 * 1024;

    /// <summary>The bytes that the properties of a message take.</summary>
    public static int SizeOf(BasicProperties properties) => ((IAmqpWriteable)properties).GetRequiredBufferSize();

    /// <summary>The most bytes of properties.</summary>
    /// <param name="frameMax">As it was negotiated; 0 for no limit.</param>
    public static int LimitOf(uint frameMax)
    {
        var all = (int)Math.Min(frameMax, int.MaxValue);
        return all == 0 ? int.MaxValue : all - Overhead - Math.Min(MostOfClient, all / 16);
    }

    /// <summary>
    /// The most bytes of properties of a message that is published, for it to have room on its way to <c>_error</c> and
    /// back.
    /// </summary>
    /// <param name="frameMax">As it was negotiated; 0 for no limit.</param>
    public static int PublishLimitOf(uint frameMax) =>
        LimitOf(frameMax) is var limit && limit == int.MaxValue ? limit : limit - Math.Min(MostOfFailure, limit / 4);

    /// <summary>What is thrown instead of sending a message with too many or too large headers.</summary>
    public static DuctapeException TooLarge(int size, int limit) => new(DuctapeErrorCodes.MessageTooLarge,
        $"the headers and properties of the message take {size} bytes, and on this connection RabbitMQ takes at most {limit} of them (its frame_max, less the room that "
        + "a failure needs). Nothing was sent. Put less into the headers and more into the message, or raise frame_max of the server.");
}
