using System.Text;

namespace Ductape.MassTransit.Topics;

/// <summary>The names of the envelope's properties, and which one a name in the bytes means.</summary>
internal static class EnvelopePartNames
{
    private static readonly byte[][] Names =
    [
        "messageId"u8.ToArray(), "requestId"u8.ToArray(), "correlationId"u8.ToArray(), "conversationId"u8.ToArray(), "initiatorId"u8.ToArray(),
        "sourceAddress"u8.ToArray(), "destinationAddress"u8.ToArray(), "responseAddress"u8.ToArray(), "faultAddress"u8.ToArray(),
        "messageType"u8.ToArray(), "message"u8.ToArray(), "expirationTime"u8.ToArray(), "sentTime"u8.ToArray(), "headers"u8.ToArray(), "host"u8.ToArray(),
    ];

    /// <summary>The part that a name means, -1 for none; false where MassTransit would have to tell.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, int expected, out int index)
    {
        // They come in the order in which MassTransit has them.
        for (var i = 0; i < Names.Length; i++)
        {
            index = expected + i < Names.Length ? expected + i : expected + i - Names.Length;
            if (name.SequenceEqual(Names[index]))
                return true;
        }

        index = -1;
        if (!Ascii.IsValid(name))
            return false;

        foreach (var known in Names)
        {
            if (Ascii.EqualsIgnoreCase(name, known))
                return false;
        }

        return true;
    }
}
