namespace Ductape.MassTransit;

/// <summary>Publishes many messages to one event without waiting for each.</summary>
public static class PublishManyExtensions
{
    /// <summary>
    /// Publishes many messages. Each is begun in order and confirmed by the broker for itself,
    /// <paramref name="maxInFlight"/> of them at a time; when the task completes, the broker has all of them. A message
    /// that fails does not keep the others back.
    /// </summary>
    /// <typeparam name="T">The messages, as <see cref="PublishInput.Message"/>, written as
    /// <see cref="MessageBrokerExtensions.PublishAsync{T}(IMessageBroker, string, T, string?, string?, IReadOnlyDictionary{string, object?}?, SessionInput?, string?, string?, string?, CancellationToken)"/>
    /// does; or <see cref="PublishInput"/>, for messages with headers, an id or an idempotency key of their
    /// own.</typeparam>
    /// <param name="broker">The broker.</param>
    /// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
    /// <param name="messages">The messages. Read only as far as they can be published. At most 2³¹ of them: each has
    /// its result kept to the end.</param>
    /// <param name="product">The product that publishes. Default: <c>Ductape:Product</c>.</param>
    /// <param name="env">The environment. Default: <c>Ductape:Env</c>.</param>
    /// <param name="headers">Headers that travel with each message, where it brings none itself.</param>
    /// <param name="session">Who acts.</param>
    /// <param name="maxInFlight">How many messages may wait for their confirmation at once, 1 to 65,535.</param>
    /// <param name="cancellationToken">Gives up: messages under way then may or may not have been published.</param>
    /// <returns>One result for each message, in order.</returns>
    /// <exception cref="PublishManyException">Some messages were not published: which, and why. The broker has the
    /// others.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxInFlight"/> is out of range.</exception>
    public static Task<IReadOnlyList<PublishResult>> PublishManyAsync<T>(
        this IMessageBroker broker,
        string @event,
        IEnumerable<T> messages,
        string? product = null,
        string? env = null,
        IReadOnlyDictionary<string, object?>? headers = null,
        SessionInput? session = null,
        int maxInFlight = 256,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return broker.PublishManyAsync(
            @event, messages.ToAsyncEnumerable(), product, env, headers, session, maxInFlight, cancellationToken);
    }

    /// <inheritdoc cref="PublishManyAsync{T}(IMessageBroker, string, IEnumerable{T}, string?, string?, IReadOnlyDictionary{string, object?}?, SessionInput?, int, CancellationToken)"/>
    public static async Task<IReadOnlyList<PublishResult>> PublishManyAsync<T>(
        this IMessageBroker broker,
        string @event,
        IAsyncEnumerable<T> messages,
        string? product = null,
        string? env = null,
        IReadOnlyDictionary<string, object?>? headers = null,
        SessionInput? session = null,
        int maxInFlight = 256,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(broker);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxInFlight, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxInFlight, ushort.MaxValue);

        var window = new PublishWindow(maxInFlight);
        try
        {
            await foreach (var message in messages.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                var input = message as PublishInput ?? new PublishInput { Message = message, DeclaredType = typeof(T) };
                var publish = broker.PublishAsync(
                    new MessageBrokerPublishInput
                    {
                        Event = @event,
                        ProductTag = product,
                        Env = env,
                        Session = session,
                        Input = input.Headers is null && headers is not null ? input with { Headers = headers } : input,
                    },
                    cancellationToken);
                await window.AddAsync(publish).ConfigureAwait(false);
            }

            return await window.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not PublishManyException)
        {
            await window.AbandonAsync().ConfigureAwait(false);
            throw;
        }
    }
}
