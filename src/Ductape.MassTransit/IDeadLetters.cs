namespace Ductape.MassTransit;

/// <summary>
/// The messages of a product's subscription that failed for good and wait in the <c>_error</c> queue: Ductape's
/// <c>messages.getDeadLetters</c>, and to replay or discard them. A singleton, safe to use from any thread. The
/// subscription need not run, and may be of another process. On brokers of type <see cref="BrokerTypes.Host"/> and on
/// MassTransit's test harness the queues are the application's own bus's, and every call is
/// <see cref="DuctapeErrorCodes.BrokerTypeNotSupported"/>.
/// </summary>
/// <remarks>
/// Every method can throw a <see cref="DuctapeException"/> as <see cref="IBrokerCatalog.FetchRoute"/> does, with
/// <see cref="DuctapeErrorCodes.InvalidInput"/> for a subscription name, limit or rate that is not acceptable, and with
/// <see cref="DuctapeErrorCodes.DeadLettersFailed"/> when the broker does not answer, at first within
/// <see cref="DuctapeOptions.PublishTimeout"/>. What is in <c>_skipped</c> is not concerned: it is not of the
/// subscription's event.
/// </remarks>
public interface IDeadLetters
{
    /// <summary>
    /// How many there are. Those that a running replay, discard or peek holds may be missing in the count.
    /// </summary>
    /// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
    /// <param name="subscription">The name of the subscription. Default: none, the product's one queue.</param>
    /// <param name="product">The product that receives. Default: <c>Ductape:Product</c>.</param>
    /// <param name="env">The environment. Default: <c>Ductape:Env</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<long> CountAsync(
        string @event, string? subscription = null, string? product = null, string? env = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the oldest ones and leaves them where they are.</summary>
    /// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
    /// <param name="limit">How many at most, 1 to 1000; all of them are held in memory.</param>
    /// <param name="subscription">The name of the subscription. Default: none, the product's one queue.</param>
    /// <param name="product">The product that receives. Default: <c>Ductape:Product</c>.</param>
    /// <param name="env">The environment. Default: <c>Ductape:Env</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<DeadLetter>> PeekAsync(
        string @event, int limit = 20, string? subscription = null, string? product = null, string? env = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends dead letters once more to the queue where they failed, and to no other: with the same id, payload, headers
    /// and session, as if they were new, and their replays counted (<see cref="ReceivedMessage.Replays"/>). Goes
    /// through those that are there at the beginning, the oldest first; one that fails again meanwhile is not replayed
    /// twice. A message leaves the dead letters after the broker has confirmed its copy: a replay that is interrupted
    /// loses nothing, and can double only the few messages that were in flight.
    /// </summary>
    /// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
    /// <param name="select">Which. Default: all.</param>
    /// <param name="rate">How many messages per second at most, from 0.001 to 1,000,000. Default: as fast as the broker
    /// takes them.</param>
    /// <param name="dryRun">True to count what would be replayed, and move nothing.</param>
    /// <param name="subscription">The name of the subscription. Default: none, the product's one queue.</param>
    /// <param name="product">The product that receives. Default: <c>Ductape:Product</c>.</param>
    /// <param name="env">The environment. Default: <c>Ductape:Env</c>.</param>
    /// <param name="who">Who asks, for the <see cref="IOperatorLog"/>. Default: null, code.</param>
    /// <param name="cancellationToken">Ends the replay; what was replayed before stays replayed.</param>
    Task<ReplayResult> ReplayAsync(
        string @event, DeadLetterSelection? select = null, double? rate = null, bool dryRun = false, string? subscription = null,
        string? product = null, string? env = null, string? who = null, CancellationToken cancellationToken = default);

    /// <summary>Removes dead letters for good.</summary>
    /// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
    /// <param name="select">Which; <see cref="DeadLetterSelection.All"/> for all.</param>
    /// <param name="dryRun">True to count what would be removed, and remove nothing.</param>
    /// <param name="subscription">The name of the subscription. Default: none, the product's one queue.</param>
    /// <param name="product">The product that receives. Default: <c>Ductape:Product</c>.</param>
    /// <param name="env">The environment. Default: <c>Ductape:Env</c>.</param>
    /// <param name="who">Who asks, for the <see cref="IOperatorLog"/>. Default: null, code.</param>
    /// <param name="cancellationToken">Ends the call; what was removed before stays removed.</param>
    Task<DiscardResult> DiscardAsync(
        string @event, DeadLetterSelection select, bool dryRun = false, string? subscription = null, string? product = null,
        string? env = null, string? who = null, CancellationToken cancellationToken = default);
}
