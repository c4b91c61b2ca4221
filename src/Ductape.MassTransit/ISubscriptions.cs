namespace Ductape.MassTransit;

/// <summary>
/// The subscriptions of this process, found and steered from anywhere: those of
/// <see cref="IMessageBroker.SubscribeAsync"/> and of the classes that <c>AddSubscriber</c> registered. A singleton,
/// safe to use from any thread.
/// </summary>
public interface ISubscriptions
{
    /// <summary>
    /// The subscriptions as they are now, by event, environment, product and queue. One that was stopped is not among
    /// them. Each is a copy that does not change; list again for newer figures.
    /// </summary>
    IReadOnlyList<SubscriptionDescription> List();

    /// <summary>
    /// As <see cref="ISubscription.PauseAsync"/>: no new callback begins, and the task completes when those in flight
    /// have ended.
    /// </summary>
    /// <param name="id">The id, <see cref="SubscriptionDescription.Id"/>.</param>
    /// <param name="who">Who asks, for the <see cref="IOperatorLog"/>. Default: null, code.</param>
    /// <param name="cancellationToken">Ends the wait; the subscription is paused all the same.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SubscriptionNotFound"/>: no subscription of this
    /// process has the id, or it was stopped.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task PauseAsync(string id, string? who = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="ISubscription.ResumeAsync"/>: completes when messages are delivered again. Also ends the wait of a
    /// kill switch.
    /// </summary>
    /// <param name="id">The id, <see cref="SubscriptionDescription.Id"/>.</param>
    /// <param name="who">Who asks, for the <see cref="IOperatorLog"/>. Default: null, code.</param>
    /// <param name="cancellationToken">Ends the wait; the subscription goes on all the same as soon as it can.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SubscriptionNotFound"/>: no subscription of this
    /// process has the id, or it was stopped; <see cref="DuctapeErrorCodes.SubscribeFailed"/>: the broker refuses the
    /// queue now.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task ResumeAsync(string id, string? who = null, CancellationToken cancellationToken = default);
}
