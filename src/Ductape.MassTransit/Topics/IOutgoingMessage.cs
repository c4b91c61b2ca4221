using System.Text.Json;

namespace Ductape.MassTransit.Topics;

/// <summary>A message on its way to the broker, as a <see cref="TopicContract"/> hands it to MassTransit.</summary>
internal interface IOutgoingMessage
{
    /// <summary>The payload, UTF-8 JSON.</summary>
    ReadOnlyMemory<byte> Payload { get; }

    /// <summary>How whoever gets the message object reads its payload, or null.</summary>
    JsonSerializerOptions? SerializerOptions { get; }

    /// <summary>
    /// Sets ids, headers and serializer on MassTransit's context, of which there is a new one for each attempt.
    /// </summary>
    void Apply(SendContext context);
}
