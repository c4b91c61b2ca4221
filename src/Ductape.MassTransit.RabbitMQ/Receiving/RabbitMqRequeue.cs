using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Receiving;

/// <summary>
/// Closes the channel of a quorum queue's consumer, and waits until the queue has back what was not acknowledged.
/// </summary>
internal static class RabbitMqRequeue
{
    // A server that does not answer must not hold up whoever stops or pauses, and other consumers that come meanwhile
    // hide that this one has gone.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <exception cref="OperationCanceledException">The queue is not known to have everything back.</exception>
    public static async Task CloseAndWaitAsync(IChannel channel, Func<CancellationToken, Task<IConnection>> connect, string queue)
    {
        using var limit = new CancellationTokenSource(Limit);
        var connection = await connect(limit.Token).ConfigureAwait(false);
        await using var watch = await connection.CreateChannelAsync(cancellationToken: limit.Token).ConfigureAwait(false);
        // Asked on its own channel, behind the acknowledgements: they have a lower priority in the log than its end.
        var consumers = Math.Max(1, await channel.ConsumerCountAsync(queue, limit.Token).ConfigureAwait(false));
        await channel.CloseAsync(limit.Token).ConfigureAwait(false);

        // The consumer goes and its messages return in one step.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await watch.ConsumerCountAsync(queue, limit.Token).ConfigureAwait(false) >= consumers)
            await timer.WaitForNextTickAsync(limit.Token).ConfigureAwait(false);
    }
}
