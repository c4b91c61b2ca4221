using System.Collections.Concurrent;
using Ductape.MassTransit.RabbitMQ.Channels;
using Ductape.MassTransit.Transports;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Receiving;

/// <summary>
/// The channels of a bus's receive endpoints, and how what was delivered on them goes back to its queue. Thread-safe.
/// </summary>
/// <param name="connect">The connection for receiving, as soon as there is one.</param>
internal sealed class RabbitMqReceiveChannels(Func<CancellationToken, Task<IConnection>> connect)
{
    // The last of each receive endpoint, by queue.
    private readonly ConcurrentDictionary<string, RabbitMqEndpointChannel> _channels = new(StringComparer.Ordinal);

    /// <summary>A receive endpoint has a channel, before it has a consumer.</summary>
    public void Opened(string queue, RabbitMqEndpointChannel channel) => _channels[queue] = channel;

    /// <summary>
    /// An endpoint is about to stop: what is unacknowledged returns to its queue, before what comes after it goes to
    /// others.
    /// </summary>
    // MassTransit cancels the consumer first, at which the broker goes on to the next one with what comes after the
    // messages that are still unacknowledged here. With its channel they return before that.
    public async Task ReturnDeliveriesAsync(EndpointTopology topology)
    {
        var settings = (RabbitMqSettings)topology.Topic.Settings;
        if (topology.Ephemeral || Find(topology.Queue) is not { } open)
            return;

        await open.Acknowledgements.FlushAsync().ConfigureAwait(false);
        // The next consumer of a quorum queue may come before the messages do. With a single active consumer it waits
        // for them.
        if (settings.SingleActiveConsumer)
            await open.Channel.CloseAsync().ConfigureAwait(false);
        else if (settings.QueueType == RabbitMqQueueType.Quorum)
            await RabbitMqRequeue.CloseAndWaitAsync(open.Channel, connect, topology.Queue).ConfigureAwait(false);
    }

    /// <summary>Returns what is unacknowledged at once, even while callbacks are running.</summary>
    // MassTransit would close it when the last callback has ended.
    public async Task AbandonDeliveriesAsync(EndpointTopology topology)
    {
        if (Find(topology.Queue) is not { } open)
            return;

        await open.Acknowledgements.FlushAsync().ConfigureAwait(false);
        await open.Channel.CloseAsync().ConfigureAwait(false);
    }

    private RabbitMqEndpointChannel? Find(string queue) => _channels.TryGetValue(queue, out var channel) && channel.Channel.IsOpen ? channel : null;
}
