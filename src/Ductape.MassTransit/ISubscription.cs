namespace Ductape.MassTransit;

/// <summary>A running subscription. Thread-safe. Disposing it is <see cref="StopAsync"/> without a limit.</summary>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>The id of this subscription, unique in the process.</summary>
    string Id { get; }

    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    string Event { get; }

    /// <summary>The environment.</summary>
    string Env { get; }

    /// <summary>The product that receives.</summary>
    string ProductTag { get; }

    /// <summary>The name of the queue that it reads.</summary>
    string Queue { get; }

    /// <summary>
    /// Completes when the broker has the queue and delivers for the first time. Already complete when
    /// <c>SubscribeAsync</c> returns, unless the broker was out of reach for
    /// <see cref="DuctapeOptions.SubscribeTimeout"/>; fails with <see cref="DuctapeErrorCodes.SubscribeFailed"/> when
    /// the broker refuses, and is cancelled by <see cref="StopAsync"/>.
    /// </summary>
    Task Ready { get; }

    /// <summary>
    /// Whether <see cref="PauseAsync"/> holds it. A tripped <see cref="TopicOptions.KillSwitch"/> does not count.
    /// </summary>
    bool IsPaused { get; }

    /// <summary>
    /// Stops receiving until <see cref="ResumeAsync"/>: no new callback begins, and the task completes when the
    /// callbacks in flight have ended. Messages wait in the queue, where other instances of the product take them;
    /// those of an ephemeral queue and in memory, which nobody else reads, wait in this process. A connection that is
    /// lost and comes back changes nothing of it. A second call waits for the first.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the subscription is paused all the same.</param>
    /// <remarks>A callback that waits for this on its own subscription waits for itself.</remarks>
    /// <exception cref="ObjectDisposedException">The subscription was stopped.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task PauseAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Goes on after <see cref="PauseAsync"/>; completes when messages are delivered again, which waits for a broker
    /// that is out of reach. Also ends the wait of a kill switch that has tripped. Does nothing for a subscription that
    /// is not held.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the subscription goes on all the same as soon as it can.</param>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SubscribeFailed"/>: the broker refuses the queue
    /// now. Another call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The subscription was stopped.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task ResumeAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Stops receiving and waits for the callbacks in flight. What was not acknowledged stays in the queue; the queue
    /// itself stays too, unless it is ephemeral. A second call waits for the first.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait: callbacks that still run then are abandoned and their messages
    /// are delivered again.</param>
    Task StopAsync(CancellationToken cancellationToken = default);
}
