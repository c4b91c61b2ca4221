using System.Collections.Concurrent;
using System.Reflection;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using MassTransit.AzureServiceBusTransport;
using MassTransit.AzureServiceBusTransport.Configuration;
using MassTransit.Configuration;

namespace Ductape.MassTransit;

/// <summary>
/// MassTransit's Azure Service Bus bus, built from its parts because only they give access to the connection: MassTransit reports a bus
/// without receive endpoints as healthy whether or not it is connected.
/// </summary>
internal sealed class AzureServiceBusTransportBus : SelfManagedBus
{
    private static readonly MethodInfo Subscribe = typeof(IServiceBusReceiveEndpointConfigurator).GetMethods()
        .Single(x => x is { Name: nameof(IServiceBusReceiveEndpointConfigurator.Subscribe), IsGenericMethodDefinition: true });

    private readonly AzureServiceBusSettings _settings;
    private readonly ServiceBusBusConfiguration _configuration;
    private readonly AzureServiceBusProbe _probe;
    private readonly ConcurrentDictionary<string, Uri> _sendAddresses = new(StringComparer.Ordinal);

    public AzureServiceBusTransportBus(AzureServiceBusSettings settings)
    {
        _settings = settings;
        _probe = new AzureServiceBusProbe(settings);
        _configuration = new ServiceBusBusConfiguration(new ServiceBusTopologyConfiguration(AzureBusFactory.CreateMessageTopology()));
        var configurator = new ServiceBusBusFactoryConfigurator(_configuration);
        configurator.Host(new AzureServiceBusConnectionSettings(settings));
        Control = configurator.Build(_configuration);
    }

    public override bool ConfiguresSend => true;

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

    public override async Task PrepareTopicAsync(TopicTopology topic, CancellationToken cancellationToken)
    {
        if (_settings.Provision == Provision.None || topic.SubscriberQueues.Count == 0)
            return;

        var declare = Pipe.ExecuteAsync<ConnectionContext>(async context =>
        {
            await context.CreateTopic(TopicOf(topic), cancellationToken).ConfigureAwait(false);
            foreach (var queue in topic.SubscriberQueues)
            {
                await context.CreateQueue(QueueOf(queue), cancellationToken).ConfigureAwait(false);
                await context.CreateTopicSubscription(SubscriptionOf(topic, queue), null, null, cancellationToken).ConfigureAwait(false);
            }
        });
        await _configuration.HostConfiguration.ConnectionContextSupervisor.Send(declare, cancellationToken).ConfigureAwait(false);
    }

    public override Uri? SendAddress(TopicTopology topic) => _sendAddresses.GetValueOrDefault(topic.Entity);

    public override void ConfigureSend(SendContext context, TopicTopology topic, MessageKeys keys)
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
            azure.RequiresSession = true;
        if (settings.Provision == Provision.None || _sendAddresses.ContainsKey(topic.Entity))
            return;

        // By its type, so that the topic is created as the publisher would: Service Bus cannot add duplicate detection later.
        var configure = new Action<IServiceBusSubscriptionConfigurator>(subscription =>
        {
            subscription.LockDuration = settings.LockDuration;
            subscription.MaxDeliveryCount = settings.MaxDeliveryCount;
        });
        Subscribe.MakeGenericMethod(topic.MessageType).Invoke(azure, [AzureServiceBusNaming.Subscription(topology.Queue), configure]);
    }

    public override bool IsRefusal(Exception exception)
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
    }

    private static CreateTopicOptions TopicOf(TopicTopology topic)
    {
        var options = Defaults.GetCreateTopicOptions(topic.Entity);
        if (AzureServiceBusDeduplication.WindowOf(topic.Deduplicate) is { } window)
        {
            options.RequiresDuplicateDetection = true;
            options.DuplicateDetectionHistoryTimeWindow = window;
        }

        if (((AzureServiceBusSettings)topic.Settings).Sessions)
            options.SupportOrdering = true;
        return options;
    }

    private static CreateQueueOptions QueueOf(SubscriberQueue queue)
    {
        var settings = (AzureServiceBusSettings)queue.Settings;
        var options = Defaults.GetCreateQueueOptions(queue.Name);
        options.LockDuration = settings.LockDuration;
        options.MaxDeliveryCount = settings.MaxDeliveryCount;
        options.RequiresSession = settings.Sessions;
        return options;
    }

    private static CreateSubscriptionOptions SubscriptionOf(TopicTopology topic, SubscriberQueue queue)
    {
        var settings = (AzureServiceBusSettings)queue.Settings;
        return new CreateSubscriptionOptions(topic.Entity, AzureServiceBusNaming.Subscription(queue.Name))
        {
            ForwardTo = queue.Name,
            LockDuration = settings.LockDuration,
            MaxDeliveryCount = settings.MaxDeliveryCount,
            EnableBatchedOperations = true,
            DeadLetteringOnMessageExpiration = true,
        };
    }
}
