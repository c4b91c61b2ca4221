using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Ductape.MassTransit;

/// <summary>
/// Where messages wait before they are delivered again: a queue for each delay, whose messages all expire after the same time and so in
/// their order, and which the server then moves back to the queue that they came from.
/// </summary>
internal static class RabbitMqDelayQueue
{
    // How long the delay queue of an ephemeral queue outlives its last message.
    private static readonly TimeSpan Afterlife = TimeSpan.FromMinutes(1);

    public static async Task DeclareAllAsync(ChannelContext channel, EndpointTopology endpoint)
    {
        foreach (var delay in endpoint.RedeliveryDelays.Distinct())
            await DeclareAsync(channel, endpoint, delay).ConfigureAwait(false);
    }

    /// <summary>Puts a copy of a received message into the queue of its delay; complete when the server has confirmed it.</summary>
    public static async Task PutAsync(DelayedMessage message)
    {
        var received = message.Context.ReceiveContext;
        var channel = received.GetPayload<ChannelContext>();
        var properties = RabbitMqCopy.PropertiesOf(
            received.GetPayload<RabbitMqBasicConsumeContext>().Properties, message.Headers.Select(x => KeyValuePair.Create(x.Key, (object?)x.Value)));

        // Somebody may have deleted it, and that of an ephemeral queue begins to live anew.
        await DeclareAsync(channel, message.Endpoint, message.Delay).ConfigureAwait(false);
        await channel.BasicPublishAsync("", RabbitMqNaming.DelayQueue(message.Endpoint.Queue, message.Delay), mandatory: true, properties,
            received.GetBody(), awaitAck: true, message.Context.CancellationToken).ConfigureAwait(false);
    }

    private static Task DeclareAsync(ChannelContext channel, EndpointTopology endpoint, TimeSpan delay)
    {
        var arguments = new Dictionary<string, object>
        {
            ["x-message-ttl"] = (long)delay.TotalMilliseconds,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = endpoint.Queue,
        };
        if (endpoint.Ephemeral)
        {
            arguments["x-expires"] = (long)(delay + Afterlife).TotalMilliseconds;
        }
        else if (((RabbitMqSettings)endpoint.Topic.Settings).QueueType == RabbitMqQueueType.Quorum)
        {
            arguments["x-queue-type"] = "quorum";
            // By default a server may lose a message that it moves by itself.
            arguments["x-dead-letter-strategy"] = "at-least-once";
            arguments["x-overflow"] = "reject-publish";
        }

        return channel.QueueDeclare(RabbitMqNaming.DelayQueue(endpoint.Queue, delay), durable: true, exclusive: false, autoDelete: false, arguments,
            channel.CancellationToken);
    }
}
