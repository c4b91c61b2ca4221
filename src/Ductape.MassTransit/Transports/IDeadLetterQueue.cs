using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>
/// What a transport can do with the messages of one queue that failed for good. Part of the seam for transports;
/// applications use <see cref="IDeadLetters"/>. Implementations must be thread-safe.
/// </summary>
[Experimental("DUCTAPE001")]
public interface IDeadLetterQueue
{
    /// <summary>How many there are; 0 where the error queue does not exist.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Looks at the messages that are there now, the oldest first, and leaves them where they are. Default:
    /// <see cref="ScanAsync"/>, for brokers that cannot show a message without giving it out.
    /// </summary>
    /// <param name="look">Called for one message after the other; false ends it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task BrowseAsync(Func<DeadLetterMessage, bool> look, CancellationToken cancellationToken) => ScanAsync(
        message => ValueTask.FromResult(new DeadLetterDecision(look(message) ? DeadLetterAction.Keep : DeadLetterAction.Stop)), cancellationToken);

    /// <summary>
    /// Goes through the messages that are there now, the oldest first, and does with each what is decided. Those that
    /// are kept stay in the queue, in their order as far as the broker can. Whatever ends the scan early, an exception
    /// of <paramref name="decide"/> included, no message is lost: a replayed one leaves the queue after the broker has
    /// confirmed its copy. Holds no more than a few bodies in memory.
    /// </summary>
    /// <param name="decide">Called for one message after the other.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>How many messages were there at the beginning.</returns>
    Task<long> ScanAsync(Func<DeadLetterMessage, ValueTask<DeadLetterDecision>> decide, CancellationToken cancellationToken);
}
