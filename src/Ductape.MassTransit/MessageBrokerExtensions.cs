namespace Ductape.MassTransit;

/// <summary>The everyday calls of <see cref="IMessageBroker"/>.</summary>
public static class MessageBrokerExtensions
{
    /// <summary>Publishes a message. When the task completes, the broker has it.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
    /// <param name="message">The payload, as <see cref="PublishInput.Message"/>.</param>
    /// <param name="product">The product that publishes. Default: <c>Ductape:Product</c>.</param>
    /// <param name="env">The environment. Default: <c>Ductape:Env</c>.</param>
    /// <param name="headers">Headers that travel with the message.</param>
    /// <param name="session">Who acts.</param>
    /// <param name="cache">The tag of the cache to use.</param>
    /// <param name="idempotencyKey">A key under which this is published once, as
    /// <see cref="PublishInput.IdempotencyKey"/>.</param>
    /// <param name="partitionKey">The key of messages that are handled in order, as
    /// <see cref="PublishInput.PartitionKey"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DuctapeException">As <see cref="IMessageBroker.PublishAsync"/>.</exception>
    public static Task<PublishResult> PublishAsync(
        this IMessageBroker broker,
        string @event,
        object message,
        string? product = null,
        string? env = null,
        IReadOnlyDictionary<string, object?>? headers = null,
        SessionInput? session = null,
        string? cache = null,
        string? idempotencyKey = null,
        string? partitionKey = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(broker);
        return broker.PublishAsync(
            new MessageBrokerPublishInput
            {
                Event = @event,
                ProductTag = product,
                Env = env,
                Session = session,
                Cache = cache,
                Input = new PublishInput { Message = message, Headers = headers, IdempotencyKey = idempotencyKey, PartitionKey = partitionKey },
            },
            cancellationToken);
    }

    /// <summary>
    /// Publishes a message. When the task completes, the broker has it. Where <typeparamref name="T"/> says how its
    /// derived types are written (<c>[JsonDerivedType]</c> or a converter, or a collection of such elements), it is
    /// written as a <typeparamref name="T"/>, with <c>$type</c> and what else that says; everything else is written as
    /// what it is, so that no property of a derived type is left out.
    /// </summary>
    /// <typeparam name="T">What subscribers read it as.</typeparam>
    /// <inheritdoc cref="PublishAsync(IMessageBroker, string, object, string?, string?, IReadOnlyDictionary{string, object?}?, SessionInput?, string?, string?, string?, CancellationToken)"/>
    public static Task<PublishResult> PublishAsync<T>(
        this IMessageBroker broker,
        string @event,
        T message,
        string? product = null,
        string? env = null,
        IReadOnlyDictionary<string, object?>? headers = null,
        SessionInput? session = null,
        string? cache = null,
        string? idempotencyKey = null,
        string? partitionKey = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(broker);
        return broker.PublishAsync(
            new MessageBrokerPublishInput
            {
                Event = @event,
                ProductTag = product,
                Env = env,
                Session = session,
                Cache = cache,
                Input = new PublishInput
                {
                    Message = message,
                    DeclaredType = typeof(T),
                    Headers = headers,
                    IdempotencyKey = idempotencyKey,
                    PartitionKey = partitionKey,
                },
            },
            cancellationToken);
    }

    /// <summary>Subscribes a callback.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
    /// <param name="callback">Handles a message, as <see cref="SubscribeInput.Callback"/>.</param>
    /// <param name="product">The product that receives. Default: <c>Ductape:Product</c>.</param>
    /// <param name="env">The environment. Default: <c>Ductape:Env</c>.</param>
    /// <param name="subscription">A name for a second, independent queue of the product.</param>
    /// <param name="ephemeral">True for a queue of this process alone that goes away with it.</param>
    /// <param name="session">Who acts.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="DuctapeException">As <see cref="IMessageBroker.SubscribeAsync"/>.</exception>
    public static Task<ISubscription> SubscribeAsync(
        this IMessageBroker broker,
        string @event,
        Func<ReceivedMessage, Task> callback,
        string? product = null,
        string? env = null,
        string? subscription = null,
        bool ephemeral = false,
        SessionInput? session = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(broker);
        return broker.SubscribeAsync(
            new MessageBrokerSubscribeInput
            {
                Event = @event,
                ProductTag = product,
                Env = env,
                Session = session,
                Input = new SubscribeInput { Callback = callback, Subscription = subscription, Ephemeral = ephemeral },
            },
            cancellationToken);
    }

    /// <summary>Subscribes a callback that receives the payload as a <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">What the payload is read as; see <see cref="ReceivedMessage.As{T}"/>.</typeparam>
    /// <inheritdoc cref="SubscribeAsync(IMessageBroker, string, Func{ReceivedMessage, Task}, string?, string?, string?, bool, SessionInput?, CancellationToken)"/>
    public static Task<ISubscription> SubscribeAsync<T>(
        this IMessageBroker broker,
        string @event,
        Func<T, ReceivedMessage, Task> callback,
        string? product = null,
        string? env = null,
        string? subscription = null,
        bool ephemeral = false,
        SessionInput? session = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return broker.SubscribeAsync(
            @event, message => callback(message.As<T>(), message), product, env, subscription, ephemeral, session, cancellationToken);
    }
}
