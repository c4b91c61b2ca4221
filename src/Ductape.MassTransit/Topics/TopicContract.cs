using System.Collections.Concurrent;
using Ductape.MassTransit.Configuration.Catalog;

namespace Ductape.MassTransit.Topics;

/// <summary>
/// The message type of a topic and the calls that need it as a type argument, so that nothing reflects per message. One
/// for each pair of event and entity name, for the life of the process: MassTransit keeps what it learns of a type in
/// statics too.
/// </summary>
internal abstract class TopicContract
{
    private static readonly ConcurrentDictionary<(string, string), TopicContract> Contracts = new();
    private static readonly ConcurrentDictionary<Type, string> Events = new();
    private static readonly Lock Emitting = new();

    protected TopicContract(string urn)
    {
        Urn = urn;
        Deserializer = new TopicEnvelopeDeserializer(this);
    }

    public abstract Type MessageType { get; }

    /// <summary>What names the type in an envelope.</summary>
    public string Urn { get; }

    /// <summary>Reads this type's envelopes.</summary>
    public TopicEnvelopeDeserializer Deserializer { get; }

    public static TopicContract Get(EventName name, string entity)
    {
        // A name is spelled as it is configured, which another application of this process may do in another case.
        var @event = name.ToString();
        if (Contracts.TryGetValue((@event, entity), out var contract))
            return contract;

        lock (Emitting)
        {
            return Contracts.GetOrAdd((@event, entity), static (key, name) =>
            {
                var type = TopicTypeEmitter.Emit(name, key.Item2);
                Events[type] = key.Item1;
                return (TopicContract)Activator.CreateInstance(typeof(TopicContract<>).MakeGenericType(type))!;
            }, name);
        }
    }

    public static string EventOf(Type messageType) => Events[messageType];

    /// <summary>A message of the type with this payload.</summary>
    public abstract TopicMessage CreateMessage(ReadOnlyMemory<byte> payload);

    /// <summary>Publishes a payload through MassTransit.</summary>
    public abstract Task PublishAsync(
        IPublishEndpoint endpoint, IOutgoingMessage outgoing, CancellationToken cancellationToken);

    /// <summary>The partition key of a message of this topic, or null.</summary>
    public abstract string? PartitionKeyOf(ConsumeContext context, PartitionKeyPath? path);

    /// <summary>Sends a payload to a queue through MassTransit.</summary>
    /// <param name="bus">The bus, which keeps its send endpoints.</param>
    /// <param name="address">The queue's address.</param>
    /// <param name="outgoing">The message.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public abstract Task SendAsync(
        IBus bus, Uri address, IOutgoingMessage outgoing, CancellationToken cancellationToken);

    /// <summary>Adds the consumer of a queue to its receive endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="deliver">Takes each message. A task that fails fails the delivery.</param>
    public abstract void AddConsumer(IReceiveEndpointConfigurator endpoint, Func<ConsumeContext, TopicMessage, Task> deliver);
}

internal sealed class TopicContract<TMessage>() : TopicContract(MessageUrn.ForTypeString<TMessage>())
    where TMessage : TopicMessage, new()
{
    public override Type MessageType => typeof(TMessage);

    public override TopicMessage CreateMessage(ReadOnlyMemory<byte> payload) => new TMessage { Body = payload };

    public override Task PublishAsync(
        IPublishEndpoint endpoint, IOutgoingMessage outgoing, CancellationToken cancellationToken) =>
        endpoint.Publish(
            new TMessage { Body = outgoing.Payload, SerializerOptions = outgoing.SerializerOptions }, new OutgoingPipe<TMessage>(outgoing), cancellationToken);

    public override string? PartitionKeyOf(ConsumeContext context, PartitionKeyPath? path) =>
        path is not null && context.TryGetMessage<TMessage>(out var message)
            ? PartitionKeys.Of(context, path, message.Message.Body)
            : PartitionKeys.Of(context, null, default);

    public override async Task SendAsync(
        IBus bus, Uri address, IOutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(address).ConfigureAwait(false);
        await endpoint.Send(
                new TMessage { Body = outgoing.Payload, SerializerOptions = outgoing.SerializerOptions },
                (IPipe<SendContext<TMessage>>)new OutgoingPipe<TMessage>(outgoing), cancellationToken)
            .ConfigureAwait(false);
    }

    public override void AddConsumer(IReceiveEndpointConfigurator endpoint, Func<ConsumeContext, TopicMessage, Task> deliver) =>
        endpoint.Instance(new TopicConsumer<TMessage>(deliver));
}
