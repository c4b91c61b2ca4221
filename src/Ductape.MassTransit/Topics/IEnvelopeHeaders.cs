using System.Text.Json;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// Headers that go into the envelope of one message and nowhere else. On MassTransit's context they would be copied
/// into two dictionaries and sent twice.
/// </summary>
internal interface IEnvelopeHeaders
{
    /// <summary>
    /// Whether they are for a message with this id and payload. An edited copy, or one with another id, does not get
    /// them.
    /// </summary>
    bool BelongTo(Guid? messageId, ReadOnlyMemory<byte> payload);

    /// <summary>Writes them as properties of the object that the writer is in.</summary>
    void Write(Utf8JsonWriter writer);
}
