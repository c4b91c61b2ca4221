using Ductape.MassTransit.RabbitMQ.Failures;
using Ductape.MassTransit.Transports;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.RabbitMQ.Declaring;

/// <summary>
/// What takes the place of declarations where a topic's exchange and queues exist: a look whether they are there.
/// </summary>
/// <param name="exchange">The topic's exchange. Those that MassTransit puts before queues do not exist for others'
/// queues, and nobody needs them.</param>
/// <param name="queue">The queue that is read, or null.</param>
internal sealed class RabbitMqPassiveDeclaration(string exchange, string? queue)
{
    public static bool IsAsked(TopicTopology topic) => (topic.Declare ?? ((RabbitMqSettings)topic.Settings).Declare) == DeclareMode.Passive;

    public async Task ExchangeAsync(ChannelContext channel, string name, CancellationToken cancellationToken)
    {
        if (name != exchange)
            return;

        try
        {
            await channel.ExchangeDeclarePassive(name, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationInterruptedException exception) when (IsMissing(exception))
        {
            throw Missing(exception);
        }
    }

    /// <summary>Where a message goes that MassTransit would publish to the exchange of a queue.</summary>
    public (string Exchange, string RoutingKey) Destination(string name, string routingKey) =>
        name.Length == 0 || name == exchange ? (name, routingKey) : ("", name);

    public async Task<QueueDeclareOk> QueueAsync(ChannelContext channel, string name, CancellationToken cancellationToken)
    {
        // A failed message that cannot be moved is given back, and need not cost the channel.
        if (queue is not null && name.StartsWith($"{queue}_", StringComparison.Ordinal) && (name.EndsWith("_error", StringComparison.Ordinal)
            || name.EndsWith("_skipped", StringComparison.Ordinal)))
            return new QueueDeclareOk(name, 0, 0);

        try
        {
            return await channel.QueueDeclarePassive(name, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationInterruptedException exception) when (IsMissing(exception))
        {
            throw Missing(exception);
        }
    }

    private static bool IsMissing(OperationInterruptedException exception) => exception.ShutdownReason?.ReplyCode == Constants.NotFound;

    // The server closes the channel with the first that is missing, which is the answer to all that were asked for at
    // once.
    private static RabbitMqMissingException Missing(OperationInterruptedException exception) => new(exception.ShutdownReason!.ReplyText, exception);
}
