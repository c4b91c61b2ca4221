using Ductape.MassTransit.RabbitMQ.Configuration;
using Ductape.MassTransit.RabbitMQ.Declaring;
using Ductape.MassTransit.RabbitMQ.Messages;
using Ductape.MassTransit.Transports;
using MassTransit.RabbitMqTransport;

namespace Ductape.MassTransit.RabbitMQ.Moving;

/// <summary>
/// Where messages wait before they are delivered again: a queue for each delay, whose messages all expire after the
/// same time and so in their order, and which the server then moves back to the queue that they came from.
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

    /// <summary>
    /// Puts a copy of a received message into the queue of its delay, and leaves the original to be acknowledged.
    /// </summary>
    public static Task PutAsync(DelayedMessage message, RabbitMqMoves moves)
    {
        var received = message.Context.ReceiveContext;
        var properties = RabbitMqCopy.PropertiesOf(
            received.GetPayload<RabbitMqBasicConsumeContext>().Properties, message.Headers.Select(x => KeyValuePair.Create(x.Key, (object?)x.Value)));
        var (queue, arguments) = (RabbitMqNaming.DelayQueue(message.Endpoint.Queue, message.Delay), ArgumentsOf(message.Endpoint, message.Delay));
        // Declared each time: somebody may have deleted it, and that of an ephemeral queue begins to live anew.
        var destination = new RabbitMqDestination("", queue)
        {
            DeclareAsync = RabbitMqPassiveDeclaration.IsAsked(message.Endpoint.Topic) ? null : (channel, token) => channel.QueueDeclareAsync(
                queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: token),
        };
        return moves.MoveAsync(received, destination, properties, goesElsewhere: true);
    }

    private static Task DeclareAsync(ChannelContext channel, EndpointTopology endpoint, TimeSpan delay) =>
        channel.QueueDeclare(RabbitMqNaming.DelayQueue(endpoint.Queue, delay), durable: true, exclusive: false, autoDelete: false,
            ArgumentsOf(endpoint, delay)!, channel.CancellationToken);

    private static Dictionary<string, object?> ArgumentsOf(EndpointTopology endpoint, TimeSpan delay)
    {
        var arguments = new Dictionary<string, object?>
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

        return arguments;
    }
}
