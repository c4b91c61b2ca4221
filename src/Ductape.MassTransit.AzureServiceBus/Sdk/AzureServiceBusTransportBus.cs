using System.Collections.Concurrent;
using System.Reflection;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Ductape.MassTransit.Transports;
using MassTransit.AzureServiceBusTransport;
using MassTransit.AzureServiceBusTransport.Configuration;
using MassTransit.Configuration;
using MassTransit.Middleware;

namespace Ductape.MassTransit;

/// <summary>
/// MassTransit's Azure Service Bus bus, built from its parts because only they give access to the connection:
/// MassTransit reports a bus without receive endpoints as healthy whether or not it is connected.
/// </summary>
internal sealed class AzureServiceBusTransportBus
    : SelfManagedBus, ITopicPreparingBus, IExistingQueueBus, ISendConfiguringBus, IOrderedDeliveryBus, IRedeliveringBus, IDeadLetterBus, IRefusalBus,
        IBindingLookupBus
{
    private static readonly TimeSpan SessionIdle = TimeSpan.FromSeconds(1);

    private static readonly MethodInfo Subscribe = typeof(IServiceBusReceiveEndpointConfigurator).GetMethods()
        .Single(x => x is { Name: nameof(IServiceBusReceiveEndpointConfigurator.Subscribe), IsGenericMethodDefinition: true });

    private readonly AzureServiceBusSettings _settings;
    private readonly ServiceBusBusConfiguration _configuration;
    private readonly AzureServiceBusProbe _probe;
    private readonly ConcurrentDictionary<string, Uri> _sendAddresses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _errorQueues = new(StringComparer.Ordinal);
    private readonly AzureServiceBusSenders _senders;

    // Null without the right to manage.
    private readonly ServiceBusAdministrationClient? _administration;
    private readonly AzureServiceBusSubscriptions? _subscriptions;

    public AzureServiceBusTransportBus(AzureServiceBusSettings settings)
    {
        _settings = settings;
        _probe = new AzureServiceBusProbe(settings);
        _senders = new AzureServiceBusSenders(() => AzureServiceBusClients.Client(settings));
        if (settings.Provision == Provision.Create)
        {
            _administration = AzureServiceBusClients.Administration(settings);
            _subscriptions = new AzureServiceBusSubscriptions(_administration);
        }

        _configuration = new ServiceBusBusConfiguration(new ServiceBusTopologyConfiguration(AzureBusFactory.CreateMessageTopology()));
        var configurator = new ServiceBusBusFactoryConfigurator(_configuration);
        configurator.Host(new AzureServiceBusConnectionSettings(settings));
        Control = configurator.Build(_configuration);
    }

    protected override IBusControl Control { get; }

    public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
    {
        await _probe.AskAsync(cancellationToken).ConfigureAwait(false);
        await StartOnceAsync(cancellationToken).ConfigureAwait(false);
        return _probe.Watch();
    }

    public override void DeclareTopic(TopicTopology topic)
    {
        var settings = (AzureServiceBusSettings)topic.Settings;
        if (settings.QueueName is { } queue)
        {
            _sendAddresses[topic.Entity] = new Uri($"queue:{queue}");
            return;
        }

        var publish = ((IServiceBusTopologyConfiguration)((IServiceBusEndpointConfiguration)_configuration).Topology).Publish
            .GetMessageTopology(topic.MessageType);
        if (AzureServiceBusDeduplication.WindowOf(topic.Deduplicate) is { } window)
            publish.EnableDuplicateDetection(window);
        if (settings.Sessions)
            publish.SupportOrdering = true;
    }

    public async Task PrepareTopicAsync(TopicTopology topic, CancellationToken cancellationToken)
    {
        if (_settings.Provision == Provision.None || topic.SubscriberQueues.Count == 0)
            return;

        var declare = Pipe.ExecuteAsync<ConnectionContext>(async context =>
        {
            await context.CreateTopic(AzureServiceBusTopology.TopicOf(topic), cancellationToken).ConfigureAwait(false);
            foreach (var queue in topic.SubscriberQueues)
            {
                await context.CreateQueue(AzureServiceBusTopology.QueueOf(queue), cancellationToken).ConfigureAwait(false);
                await context.CreateTopicSubscription(AzureServiceBusTopology.SubscriptionOf(topic, queue), null, null, cancellationToken).ConfigureAwait(false);
            }
        });
        await _configuration.HostConfiguration.ConnectionContextSupervisor.Send(declare, cancellationToken).ConfigureAwait(false);
    }

    public Uri? SendAddress(TopicTopology topic) => _sendAddresses.GetValueOrDefault(topic.Entity);

    public void ConfigureSend(SendContext context, TopicTopology topic, MessageKeys keys)
    {
        if (((AzureServiceBusSettings)topic.Settings).Sessions)
            context.SetSessionId(AzureServiceBusSession.IdOf(keys));
    }

    public override void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
    {
        var topic = topology.Topic;
        var settings = (AzureServiceBusSettings)topic.Settings;
        var azure = (IServiceBusReceiveEndpointConfigurator)endpoint;
        azure.ConfigureConsumeTopology = false;
        azure.MaxAutoRenewDuration = settings.MaxHandlingTime;
        azure.LockDuration = settings.LockDuration;
        azure.MaxDeliveryCount = settings.MaxDeliveryCount;
        if (settings.Sessions)
        {
            azure.RequiresSession = true;
            azure.MaxConcurrentCallsPerSession = 1;
            // A message without a key is a session of its own, which would be waited on for a minute after it.
            azure.SessionIdleTimeout = SessionIdle;
        }
        else if (topic.Ordered)
        {
            endpoint.ConcurrentMessageLimit = 1;
        }

        endpoint.ConfigureError(x =>
        {
            x.UseFilter(new GenerateFaultFilter());
            x.UseFilter(new AzureServiceBusErrorFilter(
                $"{topology.Queue}_error", _senders, (queue, cancellationToken) => CreateErrorQueueAsync(queue, settings, cancellationToken)));
        });
        if (settings.Provision == Provision.None || _sendAddresses.ContainsKey(topic.Entity))
            return;

        // By its type, so that the topic is created as the publisher would: Service Bus cannot add duplicate detection
        // later.
        var configure = new Action<IServiceBusSubscriptionConfigurator>(subscription =>
        {
            subscription.LockDuration = settings.LockDuration;
            subscription.MaxDeliveryCount = settings.MaxDeliveryCount;
        });
        Subscribe.MakeGenericMethod(topic.MessageType).Invoke(azure, [AzureServiceBusNaming.Subscription(topology.Queue), configure]);
    }

    // A session gives out one message after the other; what MassTransit gets at the same time is of different keys.
    public DeliveryNumber? FindDeliveryNumber(ReceiveContext context) => null;

    public Task RedeliverAsync(DelayedMessage message)
    {
        var copy = AzureServiceBusCopy.Of(message.Context.ReceiveContext, message.Headers.Select(x => KeyValuePair.Create(x.Key, (object?)x.Value)));
        copy.ScheduledEnqueueTime = TimeProvider.System.GetUtcNow() + message.Delay;
        return _senders.SendAsync(message.Endpoint.Queue, copy, message.Context.CancellationToken);
    }

    public IDeadLetterQueue GetDeadLetterQueue(string queue, TransportSettings settings) =>
        new AzureServiceBusDeadLetterQueue(_senders, _administration, queue);

    public ValueTask<bool> MayHaveQueueAsync(TopicTopology topic, CancellationToken cancellationToken) =>
        _subscriptions is null || _sendAddresses.ContainsKey(topic.Entity)
            ? ValueTask.FromResult(true)
            : FindSubscriptionAsync(_subscriptions, topic, cancellationToken);

    public bool IsRefusal(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is UnauthorizedAccessException
                or ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound or ServiceBusFailureReason.MessagingEntityDisabled })
                return true;
        }

        return false;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _probe.StopAsync().ConfigureAwait(false);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await _senders.DisposeAsync().ConfigureAwait(false);
    }

    // A topic that is created by its first publish is not there yet, and nobody subscribes to it.
    private async ValueTask<bool> FindSubscriptionAsync(
        AzureServiceBusSubscriptions subscriptions, TopicTopology topic, CancellationToken cancellationToken)
    {
        try
        {
            return await subscriptions.HasAnyAsync(topic.Entity, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return false;
        }
    }

    private async Task CreateErrorQueueAsync(string queue, AzureServiceBusSettings settings, CancellationToken cancellationToken)
    {
        if (_settings.Provision == Provision.None || _errorQueues.ContainsKey(queue))
            return;

        var create = Pipe.ExecuteAsync<ConnectionContext>(
            context => context.CreateQueue(AzureServiceBusTopology.ErrorQueueOf(queue, settings), cancellationToken));
        await _configuration.HostConfiguration.ConnectionContextSupervisor.Send(create, cancellationToken).ConfigureAwait(false);
        _errorQueues[queue] = true;
    }
}
