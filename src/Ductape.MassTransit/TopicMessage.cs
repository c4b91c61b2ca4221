using System.Text.Json;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit;

/// <summary>
/// What travels through MassTransit for every topic: the payload as UTF-8 JSON. MassTransit routes by CLR type, so each
/// topic has its own type derived from this one, emitted at run time. On the test harness this is what
/// <c>harness.Published</c> and <c>harness.Consumed</c> hold: <c>harness.Published.Any&lt;TopicMessage&gt;(x =>
/// x.Context.Message.Event == "orders:created")</c>.
/// </summary>
[ExcludeFromTopology]
[ExcludeFromImplementedTypes]
public abstract class TopicMessage
{
    /// <summary>For emitted types only.</summary>
    protected TopicMessage()
    {
    }

    /// <summary>The payload alone, UTF-8 JSON, byte for byte as it was published.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; }

    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    public string Event => TopicContract.EventOf(GetType());

    /// <summary>The configured options, where the message was published or received with some.</summary>
    internal JsonSerializerOptions? SerializerOptions { get; set; }

    /// <summary>Reads the payload as a <typeparamref name="T"/>.</summary>
    /// <param name="options">How to read it. Default: <see cref="DuctapeOptions.SerializerOptions"/> of the application
    /// that published or received it.</param>
    /// <exception cref="JsonException">The payload is not a <typeparamref name="T"/>.</exception>
    public T? As<T>(JsonSerializerOptions? options = null) => JsonSerializer.Deserialize<T>(Body.Span, options ?? SerializerOptions ?? PayloadJson.DefaultOptions);
}
