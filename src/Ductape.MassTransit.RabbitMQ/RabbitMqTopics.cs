using System.Collections.Concurrent;
using Ductape.MassTransit.Transports;
using MassTransit.Configuration;
using MassTransit.RabbitMqTransport.Configuration;

namespace Ductape.MassTransit;

/// <summary>MassTransit's topology of a bus, with what this library knows of its topics besides.</summary>
/// <param name="messages">The topology of messages.</param>
/// <param name="bindings">What keeps the queues of this process bound.</param>
internal sealed class RabbitMqTopics(IMessageTopologyConfigurator messages, RabbitMqBindings bindings) : RabbitMqTopologyConfiguration(messages)
{
    private readonly ConcurrentDictionary<string, RabbitMqPassive> _passive = new(StringComparer.Ordinal);

    public RabbitMqBindings Bindings => bindings;

    public void Add(TopicTopology topic)
    {
        if (RabbitMqPassive.IsAsked(topic))
            _passive[topic.Entity] = new RabbitMqPassive(topic.Entity, null);
        else
            _passive.TryRemove(topic.Entity, out _);
    }

    /// <summary>What takes the place of declarations for an exchange that exists; null where it is made.</summary>
    public RabbitMqPassive? PassiveOf(string exchange) => _passive.GetValueOrDefault(exchange);
}
