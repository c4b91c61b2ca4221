using System.Text.Json;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit;

/// <summary>
/// A message as a callback receives it. Valid until the callback's task completes. Not for use by several threads at
/// once.
/// </summary>
public sealed class ReceivedMessage
{
    private readonly IReceiver _receiver;
    private object? _value;
    private JsonDocument? _json;
    private IReadOnlyDictionary<string, object?>? _headers;
    private ReceivedSession? _session;
    private Headers? _allHeaders;
    private string? _messageId;

    internal ReceivedMessage(IReceiver receiver, ConsumeContext context, ReadOnlyMemory<byte> body)
    {
        _receiver = receiver;
        ConsumeContext = context;
        Body = body;
    }

    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    public string Event => _receiver.Event;

    /// <summary>The environment.</summary>
    public string Env => _receiver.Env;

    /// <summary>The product that receives: the one that subscribed.</summary>
    public string ProductTag => _receiver.ProductTag;

    /// <summary>
    /// The id of the message, the same in every redelivery: MassTransit's GUID, as
    /// <c>8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10</c>, else the text that a peer gave; null when it gave none. What is in
    /// an envelope counts, and the broker's property where that has none.
    /// </summary>
    public string? MessageId => _messageId ??= MessageIds.Of(ConsumeContext);

    /// <summary>
    /// The id of the publish, <see cref="PublishResult.ProcessId"/>: MassTransit's correlation id; null when a peer
    /// sent none.
    /// </summary>
    public Guid? ProcessId => ConsumeContext.CorrelationId;

    /// <summary>When the message was made (UTC); null when a peer did not say.</summary>
    public DateTimeOffset? SentAt => ConsumeContext.SentTime is { } sent
        // With an offset it was read as a local time.
        ? new DateTimeOffset(sent.Kind == DateTimeKind.Local ? sent.ToUniversalTime() : DateTime.SpecifyKind(sent, DateTimeKind.Utc))
        : null;

    /// <summary>
    /// 1 the first time that a callback gets this message from the queue, 2 for the first retry, and so on, counting on
    /// through redeliveries. A replayed message starts at 1 again, and so does one whose consumer died with it.
    /// </summary>
    public int Attempt => DeliveryHeaders.Count(ConsumeContext, DeliveryHeaders.Attempts) + ConsumeContext.GetRetryAttempt() + 1;

    /// <summary>
    /// How often the message came back after a delay of the topic's <see cref="TopicOptions.Redelivery"/>.
    /// </summary>
    public int Redeliveries => DeliveryHeaders.Count(ConsumeContext, DeliveryHeaders.Redeliveries);

    /// <summary>How often the message was replayed with <see cref="IDeadLetters.ReplayAsync"/>.</summary>
    public int Replays => DeliveryHeaders.Count(ConsumeContext, DeliveryHeaders.Replays);

    /// <summary>
    /// Who acted when the message was published, as the publisher verified it; null where it was published without a
    /// session. What a <see cref="TopicOptions.VerifyOnReceive"/> topic delivers was verified here too.
    /// </summary>
    public ReceivedSession? Session => _session ??= ReceivedSession.Of(AllHeaders);

    /// <summary>The services of the message's scope, where it has one.</summary>
    internal IServiceProvider? Services { get; set; }

    /// <summary>The session after it was verified here.</summary>
    internal ReceivedSession? VerifiedSession
    {
        set => _session = value;
    }

    /// <summary>What became of this attempt, where the callback did not simply succeed.</summary>
    internal DeliveryOutcome Outcome { get; set; }

    /// <summary>
    /// The headers that the publisher set: text, numbers and booleans; of a peer on RabbitMQ also what AMQP has
    /// besides: <c>byte[]</c> for bytes that are no UTF-8 text, <see cref="DateTimeOffset"/>, lists and tables. With
    /// the format <see cref="MessageFormat.Json"/> a boolean arrives as the text <c>true</c> or <c>false</c>, except on
    /// Amazon SQS.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Headers => _headers ??= ReadHeaders();

    /// <summary>All of them, the library's own included.</summary>
    internal Headers AllHeaders => _allHeaders ??= new LenientHeaders(PackedHeaders.Of(ConsumeContext));

    /// <summary>
    /// The partition key: what the publisher gave, else what the receiving topic's
    /// <see cref="TopicOptions.PartitionKey"/> finds in the payload; null for none.
    /// </summary>
    public string? PartitionKey => PartitionKeys.Of(AllHeaders, _receiver.PartitionKeyPath, Body);

    /// <summary>The payload alone, UTF-8 JSON, byte for byte as it was published.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The payload as JSON.</summary>
    public JsonElement Json => (_json ??= JsonDocument.Parse(Body)).RootElement;

    /// <summary>
    /// Cancelled when the message can no longer be acknowledged, for example because the connection was lost.
    /// </summary>
    public CancellationToken CancellationToken => ConsumeContext.CancellationToken;

    /// <summary>MassTransit's own context, for those who need it.</summary>
    public ConsumeContext ConsumeContext { get; }

    /// <summary>The same message with another payload, for an <see cref="IDeliveryFilter"/> to hand on.</summary>
    /// <param name="body">UTF-8 JSON, which must not change before the callback is complete.</param>
    public ReceivedMessage WithBody(ReadOnlyMemory<byte> body) => Copy(body, Headers);

    /// <summary>The same message with other headers, for an <see cref="IDeliveryFilter"/> to hand on.</summary>
    /// <param name="headers">What <see cref="Headers"/> shows. Names are compared as the dictionary given compares
    /// them.</param>
    public ReceivedMessage WithHeaders(IReadOnlyDictionary<string, object?> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return Copy(Body, headers);
    }

    private ReceivedMessage Copy(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, object?> headers) => new(_receiver, ConsumeContext, body)
    {
        _headers = headers,
        _session = _session,
        _allHeaders = _allHeaders,
        Services = Services,
    };

    private IReadOnlyDictionary<string, object?> ReadHeaders()
    {
        var received = ConsumeContext.ReceiveContext;
        var isBare = !TopicEnvelopeSerializer.IsEnvelope(received.ContentType?.MediaType);
        var headers = HeaderValues.UsersOf(AllHeaders.GetAll()!, isBare);
        return isBare && _receiver.FindHeaders(received) is { } others ? HeaderValues.Combine(headers, others) : headers;
    }

    /// <summary>
    /// The payload as a <typeparamref name="T"/>, read with <see cref="DuctapeOptions.SerializerOptions"/>. Read once:
    /// a second call for the same type returns the same object.
    /// </summary>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>: the payload is not a
    /// <typeparamref name="T"/>. A callback that lets it through sends the message to <c>_error</c> without retries,
    /// since the next attempt would read the same.</exception>
    public T As<T>()
    {
        if (_value is T value)
            return value;

        try
        {
            value = JsonSerializer.Deserialize<T>(Body.Span, _receiver.SerializerOptions)!;
        }
        // A constructor or converter of the caller's own may throw anything.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new DuctapeException(DuctapeErrorCodes.InvalidInput,
                $"the payload of the message {MessageId ?? "without an id"} cannot be read as {typeof(T).Name}: {exception.Message}", exception)
            {
                Event = Event,
                Env = Env,
                ProductTag = ProductTag,
            };
        }

        _value = value;
        return value;
    }
}
