namespace Ductape.MassTransit;

/// <summary>
/// Publishes and subscribes to events. A singleton, safe to use from any thread. The everyday calls are the extension
/// methods of <see cref="MessageBrokerExtensions"/>.
/// </summary>
public interface IMessageBroker
{
    /// <summary>
    /// Publishes one message. When the task completes, the broker has the message.
    /// </summary>
    /// <param name="data">The event, environment, product and message.</param>
    /// <param name="cancellationToken">Gives up waiting. The message may have reached the broker all the same.</param>
    /// <returns>The ids of the message and where it went.</returns>
    /// <exception cref="DuctapeException">Any of <see cref="DuctapeErrorCodes"/>;
    /// <see cref="DuctapeErrorCodes.PublishFailed"/> when the broker does not confirm within
    /// <see cref="DuctapeOptions.PublishTimeout"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<PublishResult> PublishAsync(MessageBrokerPublishInput data, CancellationToken cancellationToken = default);

    /// <summary>
    /// Subscribes a callback. When the task completes, the queue exists and messages are delivered; only when the
    /// broker stays out of reach for <see cref="DuctapeOptions.SubscribeTimeout"/> does it complete before that, and
    /// the subscription begins by itself once the broker is there (<see cref="ISubscription.Ready"/>).
    /// </summary>
    /// <param name="data">The event, environment, product and callback.</param>
    /// <param name="cancellationToken">Gives up waiting; the subscription is then removed again.</param>
    /// <returns>The subscription; dispose it to stop.</returns>
    /// <exception cref="DuctapeException">Any of <see cref="DuctapeErrorCodes"/>;
    /// <see cref="DuctapeErrorCodes.SubscriptionExists"/> for a second subscription of this process to the same queue,
    /// <see cref="DuctapeErrorCodes.SubscribeFailed"/> when the broker refuses it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ISubscription> SubscribeAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken = default);
}
