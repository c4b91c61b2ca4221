using System.Collections.Concurrent;
using Ductape.MassTransit.Transports;
using MassTransit.Configuration;
using MassTransit.RabbitMqTransport.Configuration;

namespace Ductape.MassTransit.RabbitMQ.Declaring;

/// <summary>MassTransit's topology of a bus, with what this library knows of its topics besides.</summary>
/// <param name="messages">The topology of messages.</param>
/// <param name="bindings">What keeps the queues of this process bound.</param>
internal sealed class RabbitMqTopics(IMessageTopologyConfigurator messages, RabbitMqBindings bindings) : RabbitMqTopologyConfiguration(messages)
{
    private readonly ConcurrentDictionary<string, RabbitMqPassiveDeclaration> _passive = new(StringComparer.Ordinal);

    public RabbitMqBindings Bindings => bindings;

    /// <summary>
    /// Says what is declared when the topic is published to: its exchange, and the queues of its subscribers.
    /// </summary>
    public void Declare(TopicTopology topic)
    {
        if (RabbitMqPassiveDeclaration.IsAsked(topic))
            _passive[topic.Entity] = new RabbitMqPassiveDeclaration(topic.Entity, null);
        else
            _passive.TryRemove(topic.Entity, out _);

        var publish = ((IRabbitMqTopologyConfiguration)this).Publish.GetMessageTopology(topic.MessageType);
        if (topic.ExchangeType is not null)
            publish.ExchangeType = topic.ExchangeType;

        foreach (var queue in topic.SubscriberQueues)
        {
            publish.BindQueue(topic.Entity, queue.Name, binding =>
            {
                RabbitMqQueueSetup.Bind(binding, topic);
                RabbitMqQueueSetup.SetArguments(binding, (RabbitMqSettings)queue.Settings, queue.Name, queue.Ordered, queue.Arguments);
            });
        }
    }

    /// <summary>What takes the place of declarations for an exchange that exists; null where it is made.</summary>
    public RabbitMqPassiveDeclaration? PassiveOf(string exchange) => _passive.GetValueOrDefault(exchange);
}
