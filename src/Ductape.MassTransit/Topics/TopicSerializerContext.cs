using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using MassTransit.Metadata;
using MassTransit.Serialization;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// One message of a topic for MassTransit. Ids, addresses, headers and host are read from the bytes when somebody asks;
/// for the rest (other types, copies, forwarding) MassTransit reads the envelope itself.
/// </summary>
internal sealed class TopicSerializerContext(TopicContract contract, MessageBody body, byte[] bytes, in TopicEnvelope envelope) : SerializerContext
{
    private readonly TopicEnvelope _envelope = envelope;
    private Headers? _headers;
    private string[]? _types;
    private SerializerContext? _original;

    public TopicContract Contract => contract;

    /// <summary>The payload alone, a slice of the body.</summary>
    public ReadOnlyMemory<byte> Payload => bytes.AsMemory(_envelope[EnvelopePart.Message]);

    public Guid? MessageId => Id(EnvelopePart.MessageId);

    /// <summary>The id as it is written, or null.</summary>
    public string? SenderMessageId => Bytes(EnvelopePart.MessageId) is { IsEmpty: false } text ? Encoding.UTF8.GetString(text) : null;

    public Guid? RequestId => Id(EnvelopePart.RequestId);

    public Guid? CorrelationId => Id(EnvelopePart.CorrelationId);

    public Guid? ConversationId => Id(EnvelopePart.ConversationId);

    public Guid? InitiatorId => Id(EnvelopePart.InitiatorId);

    public Uri? SourceAddress => Address(EnvelopePart.SourceAddress);

    public Uri? DestinationAddress => Address(EnvelopePart.DestinationAddress);

    public Uri? ResponseAddress => Address(EnvelopePart.ResponseAddress);

    public Uri? FaultAddress => Address(EnvelopePart.FaultAddress);

    public DateTime? ExpirationTime => _envelope.ExpirationTime;

    public DateTime? SentTime => _envelope.SentTime;

    public Headers Headers => _headers ??= Bytes(EnvelopePart.Headers) is { IsEmpty: false } headers
        ? new ReadOnlyDictionaryHeaders(Json, JsonSerializer.Deserialize<Dictionary<string, object>>(headers, SystemTextJsonMessageSerializer.Options))
        : EmptyHeaders.Instance;

    public HostInfo Host => Bytes(EnvelopePart.Host) is { IsEmpty: false } host
        ? JsonSerializer.Deserialize<HostInfo>(host, SystemTextJsonMessageSerializer.Options)!
        : HostMetadataCache.Empty;

    public string[] SupportedMessageTypes => _types ??= JsonSerializer.Deserialize<string[]>(
        Bytes(EnvelopePart.MessageType), SystemTextJsonMessageSerializer.Options)!;

    // Reads the same bytes once more: only for what a topic's own consumer never needs.
    private SerializerContext Original => _original ??= Json.Deserialize(body, EmptyHeaders.Instance);

    private static SystemTextJsonMessageSerializer Json => SystemTextJsonMessageSerializer.Instance;

    public bool IsSupportedMessageType<T>()
        where T : class => IsSupportedMessageType(typeof(T));

    public bool IsSupportedMessageType(Type messageType) => messageType == contract.MessageType || Original.IsSupportedMessageType(messageType);

    public bool TryGetMessage<T>(out T? message)
        where T : class
    {
        if (typeof(T) != contract.MessageType)
            return Original.TryGetMessage(out message);

        message = (T)(object)contract.CreateMessage(Payload);
        return true;
    }

    public bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
    {
        if (messageType != contract.MessageType)
            return Original.TryGetMessage(messageType, out message);

        message = contract.CreateMessage(Payload);
        return true;
    }

    public IMessageSerializer GetMessageSerializer() => Original.GetMessageSerializer();

    public IMessageSerializer GetMessageSerializer<T>(MessageEnvelope messageEnvelope, T message)
        where T : class => Original.GetMessageSerializer(messageEnvelope, message);

    public IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => Original.GetMessageSerializer(message, messageTypes);

    public Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => Original.ToDictionary(message);

    public T? DeserializeObject<T>(object? value, T? defaultValue = null)
        where T : class => Json.DeserializeObject(value, defaultValue);

    public T? DeserializeObject<T>(object? value, T? defaultValue = null)
        where T : struct => Json.DeserializeObject(value, defaultValue);

    public MessageBody SerializeObject(object? value) => Json.SerializeObject(value);

    // What is no id, or no address, is none: MassTransit would throw at whoever asks, which are its log lines too.
    private Guid? Id(EnvelopePart part) =>
        Bytes(part) is { IsEmpty: false } text && Guid.TryParse(text, out var id) ? id : null;

    private Uri? Address(EnvelopePart part) =>
        Uri.TryCreate(Encoding.UTF8.GetString(Bytes(part)), UriKind.Absolute, out var address) ? address : null;

    private ReadOnlySpan<byte> Bytes(EnvelopePart part) => bytes.AsSpan(_envelope[part]);
}
