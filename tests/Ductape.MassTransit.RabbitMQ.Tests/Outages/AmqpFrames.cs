using System.Buffers.Binary;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>Cuts what a client sends into the frames of AMQP 0-9-1, wherever the network cuts it.</summary>
internal sealed class AmqpFrames
{
    private const int Preamble = 8;
    private const int Header = 7;

    private readonly List<byte> _rest = [];
    private bool _hasBegun;

    /// <summary>The frames that are complete now, with the preamble of the connection as the first.</summary>
    public IReadOnlyList<byte[]> Add(ReadOnlySpan<byte> bytes)
    {
        _rest.AddRange(bytes);
        var frames = new List<byte[]>();
        while (LengthOfNext() is var length && length > 0 && _rest.Count >= length)
        {
            frames.Add([.. _rest[..length]]);
            _rest.RemoveRange(0, length);
            _hasBegun = true;
        }

        return frames;
    }

    /// <summary>Whether it is this method, by the numbers of its class and its own.</summary>
    public static bool IsMethod(byte[] frame, byte classId, byte methodId) =>
        frame[0] == 1 && frame.AsSpan(Header, 4).SequenceEqual((ReadOnlySpan<byte>)[0, classId, 0, methodId]);

    public static int ChannelOf(byte[] frame) => BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(1));

    /// <summary>Reads a basic.ack; null for any other frame.</summary>
    public static (ulong DeliveryTag, bool Multiple)? ReadAcknowledgement(byte[] frame) =>
        IsMethod(frame, 60, 80) ? (BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(Header + 4)), (frame[Header + 12] & 1) != 0) : null;

    /// <summary>A connection.close, as a server sends it.</summary>
    public static byte[] Close(ushort code, string text)
    {
        byte[] arguments = [(byte)(code >> 8), (byte)code, (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text), 0, 0, 0, 0];
        return [1, 0, 0, 0, 0, 0, (byte)(arguments.Length + 4), 0, 10, 0, 50, .. arguments, 0xCE];
    }

    // With the octet at its end; 0 where too little of it has come.
    private int LengthOfNext() =>
        !_hasBegun ? Preamble : _rest.Count < Header ? 0 : Header + (int)BinaryPrimitives.ReadUInt32BigEndian([.. _rest[3..Header]]) + 1;
}
