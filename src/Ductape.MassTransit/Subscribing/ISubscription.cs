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
    /// Completes when the broker has the queue and delivers for the first time. Already complete when <c>SubscribeAsync</c> returns,
    /// unless the broker was out of reach for <see cref="DuctapeOptions.SubscribeTimeout"/>; fails with
    /// <see cref="DuctapeErrorCodes.SubscribeFailed"/> when the broker refuses, and is cancelled by <see cref="StopAsync"/>.
    /// </summary>
    Task Ready { get; }

    /// <summary>
    /// Stops receiving and waits for the callbacks in flight. What was not acknowledged stays in the queue; the queue itself
    /// stays too, unless it is ephemeral. A second call waits for the first.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait: callbacks that still run then are abandoned and their messages are delivered
    /// again.</param>
    Task StopAsync(CancellationToken cancellationToken = default);
}
