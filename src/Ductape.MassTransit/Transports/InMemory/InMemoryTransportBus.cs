using System.Collections.Concurrent;
using MassTransit.InMemoryTransport;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Middleware;
using MassTransit.Transports;
using MassTransit.Transports.Fabric;

namespace Ductape.MassTransit.Transports.InMemory;

/// <summary>
/// MassTransit's in-memory bus, built from its parts because only they give access to the message fabric.
/// </summary>
internal sealed class InMemoryTransportBus : SelfManagedBus, IOrderedDeliveryBus, IRedeliveringBus, IDeadLetterBus, IBindingLookupBus
{
    private readonly InMemoryBusSetup _setup;
    private readonly HashSet<(string Entity, string Queue)> _bound = [];
    private readonly ConcurrentDictionary<(string Entity, string Queue), Lazy<ConnectHandle>> _numbered = new();
    private readonly ConcurrentDictionary<string, InMemoryDeadLetterQueue> _deadLetters = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();

    public InMemoryTransportBus()
    {
        _setup = new InMemoryBusSetup(new InMemoryTopologyConfiguration(InMemoryBus.CreateMessageTopology()));
        Control = new InMemoryBusFactoryConfigurator(_setup).Build(_setup);
        PublishEndpoint = new PublishEndpoint(_setup.PublishEndpoints);
    }

    public override IPublishEndpoint PublishEndpoint { get; }

    // MassTransit's in-memory fabric binds a queue once more at every start of its endpoint, and walks all bindings at
    // every publish.
    public override BusTraits Traits => BusTraits.HoldsMessages | BusTraits.KeepsEndpointsRunning;

    protected override IBusControl Control { get; }

    public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
    {
        await StartOnceAsync(cancellationToken).ConfigureAwait(false);
        return new TaskCompletionSource<string>().Task;
    }

    public override void DeclareTopic(TopicTopology topic)
    {
        var provider = _setup.Fabric;
        provider.MessageFabric.ExchangeDeclare(provider, topic.Entity, ExchangeType.FanOut);
        foreach (var queue in topic.SubscriberQueues)
        {
            // A second binding would be one more at every publish.
            if (!_bound.Add((topic.Entity, queue.Name)))
                continue;

            // The same shape as a receive endpoint's: topic exchange, queue exchange, queue.
            DeclareQueue(queue.Name);
            Reads(queue.Name);
            if (queue.Ordered)
                BindNumbered(topic.Entity, queue.Name);
            else
                provider.MessageFabric.ExchangeBind(provider, topic.Entity, queue.Name, "");
        }
    }

    public override void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
    {
        // MassTransit sends skipped messages to an exchange of this name, which in memory leads nowhere.
        DeclareQueue($"{topology.Queue}_skipped");
        Reads(topology.Queue);
        var deadLetters = DeclareDeadLetters(topology.Queue);
        endpoint.ConfigureError(x =>
        {
            x.UseFilter(new GenerateFaultFilter());
            x.UseFilter(new InMemoryErrorFilter(deadLetters));
        });
        if (!topology.Topic.Ordered)
            return;

        endpoint.ConfigureConsumeTopology = false;
        DeclareQueue(topology.Queue);
        BindNumbered(topology.Topic.Entity, topology.Queue);
    }

    // One queue has one stream here, and each slot one queue.
    public DeliveryNumber? FindDeliveryNumber(ReceiveContext context) =>
        InMemoryDeliveryNumbers.Find(context) is { } number ? new DeliveryNumber(this, number) : null;

    private void BindNumbered(string entity, string queue)
    {
        var provider = _setup.Fabric;
        _ = _numbered.GetOrAdd((entity, queue), key => new Lazy<ConnectHandle>(() => provider.MessageFabric.GetExchange(provider, key.Entity)
            .Connect(new InMemoryDeliveryNumbers(provider.MessageFabric.GetQueue(provider, key.Queue)), ""))).Value;
    }

    public ValueTask<bool> MayHaveQueueAsync(TopicTopology topic, CancellationToken cancellationToken)
    {
        var provider = _setup.Fabric;
        return ValueTask.FromResult(provider.MessageFabric.GetExchange(provider, topic.Entity).Sinks.Any());
    }

    public Task RedeliverAsync(DelayedMessage message) =>
        SendAsync(message.Endpoint.Queue, InMemoryCopy.Of(message.Context.ReceiveContext, message.Headers, message.Delay));

    public IDeadLetterQueue GetDeadLetterQueue(string queue, TransportSettings settings) =>
        _deadLetters.TryGetValue(ErrorQueue(queue), out var deadLetters) ? deadLetters : NoDeadLetters.Instance;

    private static string ErrorQueue(string queue) => $"{queue}_error";

    private InMemoryDeadLetterQueue DeclareDeadLetters(string queue)
    {
        var provider = _setup.Fabric;
        var name = ErrorQueue(queue);
        lock (_lock)
        {
            if (_deadLetters.TryGetValue(name, out var declared))
                return declared;

            var deadLetters = new InMemoryDeadLetterQueue(x => SendAsync(queue, x));
            if (_queues.Contains(name))
                deadLetters.HandOver(provider.MessageFabric.GetQueue(provider, name));
            return _deadLetters[name] = deadLetters;
        }
    }

    /// <summary>
    /// Somebody reads a queue: if it is one of dead letters, they are delivered like the messages of any queue from now
    /// on.
    /// </summary>
    private void Reads(string queue)
    {
        var provider = _setup.Fabric;
        lock (_lock)
        {
            _queues.Add(queue);
            if (_deadLetters.TryGetValue(queue, out var deadLetters))
                deadLetters.HandOver(provider.MessageFabric.GetQueue(provider, queue));
        }
    }

    private Task SendAsync(string queue, InMemoryTransportMessage message)
    {
        var provider = _setup.Fabric;
        return provider.MessageFabric.GetQueue(provider, queue).Deliver(new InMemoryDeliveryContext(message, CancellationToken.None));
    }

    private void DeclareQueue(string queue)
    {
        var provider = _setup.Fabric;
        provider.MessageFabric.QueueDeclare(provider, queue);
        provider.MessageFabric.ExchangeDeclare(provider, queue, ExchangeType.FanOut);
        provider.MessageFabric.QueueBind(provider, queue, queue);
    }
}
