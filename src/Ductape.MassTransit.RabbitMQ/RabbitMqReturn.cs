using System.Diagnostics;
using RabbitMQ.Client;

namespace Ductape.MassTransit;

/// <summary>Closes the channel of a quorum queue's consumer, and waits until the queue has back what was not acknowledged.</summary>
internal static class RabbitMqReturn
{
    // A quorum queue learns of a closed channel through its log. Other consumers that come meanwhile hide that this one has gone.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static async Task CloseAsync(IChannel channel, IConnection connection, string queue)
    {
        await using var watch = await connection.CreateChannelAsync().ConfigureAwait(false);
        // Asked on its own channel, behind the acknowledgements: they have a lower priority in the log than its end.
        var consumers = await channel.ConsumerCountAsync(queue).ConfigureAwait(false);
        await channel.CloseAsync().ConfigureAwait(false);

        // The consumer goes and its messages return in one step.
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await watch.ConsumerCountAsync(queue).ConfigureAwait(false) >= consumers && Stopwatch.GetElapsedTime(began) < Limit)
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
    }
}
