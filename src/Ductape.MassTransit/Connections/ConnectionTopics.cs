using System.Collections.Concurrent;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Connections;

/// <summary>
/// The topics that were declared on the bus of a connection, and those that are prepared at its broker. Thread-safe.
/// </summary>
internal sealed class ConnectionTopics
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<TopicContract, IConnectionTopic> _declared = new();
    private readonly ConcurrentDictionary<TopicContract, SemaphoreSlim> _preparing = new();
    private volatile ConcurrentDictionary<TopicContract, bool> _prepared = new();

    /// <summary>Those that were declared, as they were then.</summary>
    public ICollection<IConnectionTopic> Declared => _declared.Values;

    /// <summary>
    /// Lets the transport declare the topic, once, and prepare it once per connection. Completes at once when that is
    /// done.
    /// </summary>
    public ValueTask PrepareAsync(TransportBus bus, IConnectionTopic topic, CancellationToken cancellationToken) =>
        _prepared.ContainsKey(topic.Contract) ? default : new ValueTask(PrepareOnceAsync(bus, topic, cancellationToken));

    /// <summary>Declares a topic once more as a reload has it, for a bus that cannot be replaced.</summary>
    public void DeclareAgain(TransportBus bus, IConnectionTopic topic)
    {
        lock (_lock)
        {
            bus.DeclareTopic(topic.Topology);
            _declared[topic.Contract] = topic;
            _prepared.TryRemove(topic.Contract, out _);
        }
    }

    /// <summary>The connection is lost: who prepares a topic at this moment does so for the one that is gone.</summary>
    public void ForgetPrepared() => _prepared = new ConcurrentDictionary<TopicContract, bool>();

    private async Task PrepareOnceAsync(TransportBus bus, IConnectionTopic topic, CancellationToken cancellationToken)
    {
        // Two callers at once must not both declare, and neither may go on before it is done. Other topics do not wait.
        var preparing = _preparing.GetOrAdd(topic.Contract, static _ => new SemaphoreSlim(1, 1));
        await preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var prepared = _prepared;
            if (prepared.ContainsKey(topic.Contract))
                return;

            lock (_lock)
            {
                if (_declared.TryAdd(topic.Contract, topic))
                    bus.DeclareTopic(topic.Topology);
            }

            if (bus.Capabilities.TopicPreparing is { } topics)
                await topics.PrepareTopicAsync(topic.Topology, cancellationToken).ConfigureAwait(false);
            prepared[topic.Contract] = true;
        }
        finally
        {
            preparing.Release();
        }
    }
}
