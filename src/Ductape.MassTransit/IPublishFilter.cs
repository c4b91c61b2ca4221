namespace Ductape.MassTransit;

/// <summary>
/// A step that every publish passes through, or those of some events: registered with
/// <c>AddPublishFilter&lt;T&gt;()</c>. It runs once for each message, when session, schema and size have been checked
/// and before the message is sent; never when a dead letter is replayed. A publish that
/// <see cref="MessageBrokerPublishInput.Cache"/> or <see cref="PublishInput.IdempotencyKey"/> answers from an earlier
/// one runs no filter. A filter is a singleton unless it is registered otherwise, and so must be thread-safe.
/// </summary>
/// <remarks>
/// One that is scoped or transient comes from the scope of <see cref="IScopedMessageBroker"/>, or from one of its own.
/// A publish that several callers share uses the scope of the first; when that one gives up, its call returns as soon
/// as the filters are through with the scope.
/// </remarks>
public interface IPublishFilter
{
    /// <summary>Handles a message on its way out.</summary>
    /// <param name="message">The message. Its headers may be changed.</param>
    /// <param name="next">Hands the message, or another one made of it, to the next filter and in the end to the
    /// broker. Without a call nothing is sent.</param>
    /// <param name="cancellationToken">The caller's; of a publish that several share, cancelled when all have given
    /// up.</param>
    /// <returns>What the caller gets: what <paramref name="next"/> returned, or a result of the filter's own.</returns>
    /// <exception cref="DuctapeException">Fails the publish, with its code. Any other exception fails it with
    /// <see cref="DuctapeErrorCodes.PublishFailed"/>, save for the cancellation of
    /// <paramref name="cancellationToken"/>.</exception>
    Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken);
}
