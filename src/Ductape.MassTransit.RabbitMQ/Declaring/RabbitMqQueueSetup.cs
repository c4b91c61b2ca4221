using System.Collections.Immutable;
using Ductape.MassTransit.RabbitMQ.Configuration;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.RabbitMQ.Declaring;

/// <summary>How queues are declared and bound to their topics.</summary>
internal static class RabbitMqQueueSetup
{
    /// <summary>Binds a queue, or the exchange before it, to its topic.</summary>
    public static void Bind(IRabbitMqExchangeBindingConfigurator binding, TopicTopology topic)
    {
        if (topic.ExchangeType is not null)
            binding.ExchangeType = topic.ExchangeType;
        binding.RoutingKey = topic.RoutingKey ?? "";
    }

    /// <summary>Gives a queue its arguments.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="settings">The settings of its broker.</param>
    /// <param name="name">The queue whose <c>_error</c> queue gets what a quorum queue gives up.</param>
    /// <param name="isOrdered">Whether its messages are handled in order.</param>
    /// <param name="arguments">Further ones, as the configuration has them, or null.</param>
    public static void SetArguments(
        IRabbitMqQueueConfigurator queue, RabbitMqSettings settings, string name, bool isOrdered, IReadOnlyDictionary<string, string>? arguments)
    {
        foreach (var (argument, value) in RabbitMqArguments.Read(arguments ?? ImmutableDictionary<string, string>.Empty))
            queue.SetQueueArgument(argument, value);
        if (isOrdered && settings.SingleActiveConsumer)
            queue.SetQueueArgument("x-single-active-consumer", true);
        if (settings.QueueType != RabbitMqQueueType.Quorum)
            return;

        queue.SetQuorumQueue();
        queue.SetQueueArgument("x-delivery-limit", settings.DeliveryLimit);
        queue.SetQueueArgument("x-dead-letter-exchange", RabbitMqNaming.ErrorQueue(name));
    }
}
