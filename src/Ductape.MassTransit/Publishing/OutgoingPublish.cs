using System.Text.Json;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Sessions;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Publishing;

/// <summary>
/// One publish on its way: what was given, what the steps have made of it, and what MassTransit's context gets.
/// </summary>
internal sealed class OutgoingPublish(Route route, MessageBrokerPublishInput data) : IOutgoingMessage, ISessionMessage, IEnvelopeHeaders
{
    private volatile bool _abandoned;
    private DateTime? _sentTime;

    /// <summary>Where it goes. Another one than at the beginning when a reload came in between.</summary>
    public Route Route { get; set; } = route;

    /// <summary>What the caller gave.</summary>
    public MessageBrokerPublishInput Data { get; private set; } = data;

    /// <summary>The scope that it belongs to, or null.</summary>
    public PublishScope? Scope { get; set; }

    /// <summary>The caller's headers, as filters have left them; null for none.</summary>
    public IReadOnlyDictionary<string, object?>? Headers
    {
        get => Data.Input!.Headers;
        set => Data = Data with { Input = Data.Input! with { Headers = value } };
    }

    string ISessionMessage.Event => Route.Event;

    string ISessionMessage.Env => Route.Env;

    public Guid ProcessId { get; } = NewId.NextGuid();

    public Guid MessageId { get; } = MessageIds.OfGiven(data.Input!.MessageId);

    /// <summary>Who publishes, or null.</summary>
    public VerifiedSession? Session { get; set; }

    /// <summary>When the caller called, in milliseconds since 1970; 0 without a session.</summary>
    public long CalledAt { get; set; }

    /// <summary>The partition key, or null.</summary>
    public string? PartitionKey { get; set; }

    /// <summary>What is published.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; }

    JsonSerializerOptions? IOutgoingMessage.SerializerOptions => Route.SerializerOptions;

    /// <summary>The bus, where it has something of its own to set on the message.</summary>
    public ISendConfiguringBus? Bus { get; set; }

    /// <summary>Takes a copy of what is the caller's.</summary>
    public void Detach()
    {
        Payload = Payload.ToArray();
        if (Headers is { } headers)
            Headers = new Dictionary<string, object?>(headers);
    }

    /// <summary>The same publish, with its ids, for another attempt after one that has failed.</summary>
    public OutgoingPublish Again()
    {
        var again = (OutgoingPublish)MemberwiseClone();
        again._abandoned = false;
        return again;
    }

    /// <summary>The broker has the message: what the caller gets.</summary>
    public PublishResult Sent(TimeProvider time) => new(MessageId, Route.Description)
    {
        ProcessId = ProcessId,
        SentAt = _sentTime is { } sent ? new DateTimeOffset(sent, TimeSpan.Zero) : time.GetUtcNow(),
    };

    /// <summary>
    /// Nobody waits any more: an attempt that MassTransit has not begun yet is refused. Until MassTransit is done, the
    /// publish counts.
    /// </summary>
    public void Abandon(Task publishing, WaitingPublishes publishes)
    {
        _abandoned = true;
        _ = publishing.ContinueWith(
            static (task, state) =>
            {
                _ = task.Exception;
                ((WaitingPublishes)state!).Exit();
            },
            publishes, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    bool IEnvelopeHeaders.BelongTo(Guid? messageId, ReadOnlyMemory<byte> payload) => messageId == MessageId && payload.Equals(Payload);

    void IEnvelopeHeaders.Write(System.Text.Json.Utf8JsonWriter writer) => SessionHeaders.Write(writer, this);

    // There is a new context for each attempt: the ids must not change with it.
    public void Apply(SendContext context)
    {
        if (_abandoned)
            throw new OperationCanceledException("The publish was given up.");

        context.MessageId = MessageId;
        context.CorrelationId = ProcessId;
        _sentTime ??= context.SentTime;
        if (Route.FailUnroutable && context is PublishContext publish)
            publish.Mandatory = true;
        if (Route.RoutingKey is { } routingKey)
            context.TrySetRoutingKey(routingKey);
        if (Route.Format == MessageFormat.Json)
        {
            context.Serializer = TopicEnvelopeSerializer.BareJson;
            // Not every transport has a message property for it.
            context.Headers.Set(MessageHeaders.CorrelationId, ProcessId.ToString());
        }
        else
        {
            context.Serializer = Session is null ? TopicEnvelopeSerializer.Instance : new TopicEnvelopeSerializer(this);
        }

        if (PartitionKey is not null)
        {
            context.Headers.Set(PartitionKeys.Header, PartitionKey);
            context.TrySetPartitionKey(PartitionKey);
        }

        if (Headers is { } headers)
        {
            foreach (var (name, value) in headers)
            {
                var normal = HeaderValues.Normalize(value);
                // Packed, it stays what it is.
                context.Headers.Set(name,
                    Route.Format == MessageFormat.Json && !Route.PacksHeaders && normal is bool flag ? (flag ? "true" : "false") : normal);
            }
        }

        if (Route.Format == MessageFormat.Json)
            SessionHeaders.Set(context.Headers, this);
        if (Route.PacksHeaders)
            PackedHeaders.Pack(context, MessageId);
        Bus?.ConfigureSend(context, Route.Topology, Keys());
    }

    private MessageKeys Keys() => new(
        MessageId, PartitionKey, string.IsNullOrWhiteSpace(Data.Input!.IdempotencyKey) ? null : $"{Route.ProductTag}\n{Session?.Tag}:{Session?.User}\n{Data.Input!.IdempotencyKey}");
}
