using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Topology;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Moving;

/// <summary>Where a message that was received is moved to.</summary>
/// <param name="Exchange">The exchange; empty for a queue itself.</param>
/// <param name="RoutingKey">The routing key, or the name of the queue; null for that of the message.</param>
internal sealed record RabbitMqDestination(string Exchange, string? RoutingKey)
{
    /// <summary>Declares it; called before each message. Null where somebody else has.</summary>
    public Func<IChannel, CancellationToken, Task>? DeclareAsync { get; init; }

    /// <summary>What people know it by.</summary>
    public string Name => Exchange.Length > 0 ? Exchange : RoutingKey!;

    public static RabbitMqDestination Of(ErrorSettings settings) => Of(settings.ExchangeName, settings.GetBrokerTopology());

    public static RabbitMqDestination Of(DeadLetterSettings settings) => Of(settings.ExchangeName, settings.GetBrokerTopology());

    private static RabbitMqDestination Of(string exchange, BrokerTopology topology) => new(exchange, null)
    {
        // Each time: it is cheap beside a failure, and somebody may have deleted the queue with what it held.
        DeclareAsync = (channel, token) => DeclareAllAsync(channel, topology, token),
    };

    private static async Task DeclareAllAsync(IChannel channel, BrokerTopology topology, CancellationToken cancellationToken)
    {
        foreach (var queue in topology.Queues)
        {
            await channel.QueueDeclareAsync(
                queue.QueueName, queue.Durable, queue.Exclusive, queue.AutoDelete, queue.QueueArguments!, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        foreach (var exchange in topology.Exchanges)
        {
            await channel.ExchangeDeclareAsync(exchange.ExchangeName, exchange.ExchangeType, exchange.Durable, exchange.AutoDelete, exchange.ExchangeArguments!,
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        foreach (var binding in topology.QueueBindings)
        {
            await channel.QueueBindAsync(binding.Destination.QueueName, binding.Source.ExchangeName, binding.RoutingKey, binding.Arguments!,
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }
}
