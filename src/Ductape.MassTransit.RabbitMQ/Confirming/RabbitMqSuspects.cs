using Ductape.MassTransit.Transports;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Confirming;

/// <summary>
/// Messages of which one made the server close their channel. Each is sent once more, alone on a channel, so that the
/// one fails and the others do not.
/// </summary>
internal static class RabbitMqSuspects
{
    /// <param name="publishes">The messages. Each completes when it is clear what became of it.</param>
    /// <param name="open">Opens a channel.</param>
    /// <param name="calls">Where they are counted.</param>
    public static async Task SendAsync(IEnumerable<RabbitMqPublish> publishes, Func<Task<IChannel>> open, CallsInFlight calls)
    {
        IChannel? channel = null;
        RabbitMqConfirmations? alone = null;
        foreach (var publish in publishes)
        {
            try
            {
                if (alone is null || channel is not { IsOpen: true })
                {
                    channel = await open().ConfigureAwait(false);
                    alone = new RabbitMqConfirmations(channel, new CallsInFlight());
                }

                await alone.PublishAsync(publish.Exchange, publish.RoutingKey, publish.Mandatory, publish.Properties, publish.Body, publish.CancellationToken)
                    .ConfigureAwait(false);
                publish.TrySetResult();
            }
            catch (Exception exception)
            {
                publish.TrySetException(exception);
                // Whoever published it may have given up.
                _ = publish.Task.Exception;
            }

            calls.Exit();
        }

        if (channel is not null)
            await channel.AbortAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
