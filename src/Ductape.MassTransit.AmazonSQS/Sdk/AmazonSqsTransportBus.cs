using System.Collections.Concurrent;
using System.Globalization;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using Amazon.SimpleNotificationService.Model;
using Ductape.MassTransit.Transports;
using MassTransit.AmazonSqsTransport;
using MassTransit.AmazonSqsTransport.Configuration;
using MassTransit.AmazonSqsTransport.Topology;
using MassTransit.Configuration;
using MassTransit.Middleware;

namespace Ductape.MassTransit;

/// <summary>
/// MassTransit's Amazon SQS bus, built from its parts because only they give access to the connection: MassTransit
/// never asks AWS whether it is there, and keeps what it knows of topics and queues for ever.
/// </summary>
internal sealed class AmazonSqsTransportBus
    : SelfManagedBus, ITopicPreparingBus, IExistingQueueBus, ISendConfiguringBus, IOrderedDeliveryBus, IRedeliveringBus, IDeadLetterBus, IPublishFaultBus,
        IRefusalBus, IBindingLookupBus
{
    private readonly AmazonSqsSettings _settings;
    private readonly AmazonSqsBusConfiguration _configuration;
    private readonly ConcurrentDictionary<string, Uri> _sendAddresses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Topic, string Queue), SubscriberQueue> _endpoints = new();
    private readonly ConcurrentQueue<GoneEntity> _gone = new();
    private readonly AmazonSqsBatches _batches = new();
    private readonly AmazonSqsHandedOut _handedOut = new();
    private readonly AmazonSqsSubscriptions _subscriptions = new();
    private readonly Lazy<AmazonSQSClient> _client;
    private readonly AmazonSqsProbe _probe;
    private readonly AmazonSqsConnectionSettings _connection;

    public AmazonSqsTransportBus(AmazonSqsSettings settings)
    {
        _settings = settings;
        _probe = new AmazonSqsProbe(settings);
        // MassTransit's would take an error queue that does not exist for one that was deleted.
        _client = new Lazy<AmazonSQSClient>(() => AmazonSqsClients.Client(settings));
        _connection = new AmazonSqsConnectionSettings(settings, Gone, _batches, _handedOut);
        _configuration = new AmazonSqsBusConfiguration(new AmazonSqsTopologyConfiguration(AmazonSqsBusFactory.CreateMessageTopology()));
        var configurator = new AmazonSqsBusFactoryConfigurator(_configuration);
        configurator.Host(_connection);
        Control = configurator.Build(_configuration);
    }

    protected override IBusControl Control { get; }

    public override async Task<Task<string>> ConnectAsync(CancellationToken cancellationToken)
    {
        await _probe.AskAsync(cancellationToken).ConfigureAwait(false);
        await ForgetAsync(cancellationToken).ConfigureAwait(false);
        await StartOnceAsync(cancellationToken).ConfigureAwait(false);
        return _probe.Watch();
    }

    public override void DeclareTopic(TopicTopology topic)
    {
        var settings = (AmazonSqsSettings)topic.Settings;
        if (AmazonSqsQueueUrl.Parse(settings.QueueUrl) is { } queue)
        {
            _connection.KnowQueue(queue.Name, settings.QueueUrl!);
            _sendAddresses[topic.Entity] = new Uri($"queue:{queue.Name}");
            return;
        }

        var publish = ((IAmazonSqsTopologyConfiguration)((IAmazonSqsEndpointConfiguration)_configuration).Topology).Publish
            .GetMessageTopology(topic.MessageType);
        AmazonSqsTopology.SetTopic(publish, topic.Entity, settings);
    }

    public async Task PrepareTopicAsync(TopicTopology topic, CancellationToken cancellationToken)
    {
        if (_sendAddresses.ContainsKey(topic.Entity))
            return;

        var endpoints = _endpoints.Where(x => x.Key.Topic == topic.Entity).Select(x => x.Value);
        var declare = Pipe.ExecuteAsync<ConnectionContext>(async context =>
        {
            // MassTransit would do so once for the life of the bus, and not again after the topic was deleted.
            await context.GetTopic(AmazonSqsTopology.TopicOf(topic), cancellationToken).ConfigureAwait(false);
            if (_settings.Provision == Provision.None)
                return;

            var client = context.CreateClientContext(cancellationToken);
            foreach (var queue in topic.SubscriberQueues.Concat(endpoints).DistinctBy(x => x.Name))
            {
                await client.CreateQueueSubscription(
                    AmazonSqsTopology.TopicOf(topic), AmazonSqsTopology.QueueOf(topic, queue), cancellationToken).ConfigureAwait(false);
            }
        });
        await _configuration.HostConfiguration.ConnectionContextSupervisor.Send(declare, cancellationToken).ConfigureAwait(false);
    }

    public Uri? SendAddress(TopicTopology topic) => _sendAddresses.GetValueOrDefault(topic.Entity);

    public void ConfigureSend(SendContext context, TopicTopology topic, MessageKeys keys)
    {
        if (!topic.Entity.EndsWith(AmazonSqsNaming.FifoSuffix, StringComparison.Ordinal))
            return;

        context.TrySetGroupId(AmazonSqsFifo.GroupId(keys));
        context.TrySetDeduplicationId(AmazonSqsFifo.DeduplicationId(keys));
    }

    public override void ConfigureEndpoint(IReceiveEndpointConfigurator endpoint, EndpointTopology topology)
    {
        var topic = topology.Topic;
        var settings = (AmazonSqsSettings)topic.Settings;
        var visibility = AmazonSqsTopology.VisibilityOf(settings, topic.LongestRetry);
        var sqs = (IAmazonSqsReceiveEndpointConfigurator)endpoint;
        sqs.ConfigureConsumeTopology = false;
        sqs.WaitTimeSeconds = (ushort)settings.WaitTime.TotalSeconds;
        // MassTransit compares it with what it assumes before it has seen the queue.
        sqs.MaxVisibilityTimeout = settings.MaxHandlingTime > TimeSpan.FromSeconds(30) ? settings.MaxHandlingTime : TimeSpan.FromSeconds(30);
        sqs.MaxVisibilityTimeoutRenewal = (int)visibility.TotalSeconds;
        // It takes a group's messages as they come out of threads, one group may hold another up, and the library keeps
        // the order itself.
        if (topic.Ordered)
            sqs.DisableMessageOrdering();
        var errorQueue = AmazonSqsTopology.QueueOf(topic, new SubscriberQueue(AmazonSqsNaming.ErrorQueue(topology.Queue), settings));
        endpoint.ConfigureError(x =>
        {
            x.UseFilter(new GenerateFaultFilter());
            x.UseFilter(new AmazonSqsErrorFilter(errorQueue));
        });
        endpoint.ConfigureReceive(x => x.UseFilter(new AmazonSqsDueFilter(topology.Queue, _handedOut)));
        endpoint.ConnectReceiveEndpointObserver(_handedOut.Observe(() => _client.Value, topology.Queue));
        if (settings.Provision == Provision.None || _sendAddresses.ContainsKey(topic.Entity))
            return;

        sqs.QueueAttributes[QueueAttributeName.VisibilityTimeout] = ((int)visibility.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        foreach (var (key, value) in settings.Tags)
            sqs.QueueTags[key] = value;
        if (!topology.Ephemeral)
            _endpoints[(topic.Entity, topology.Queue)] = new SubscriberQueue(topology.Queue, settings);
        sqs.Subscribe(topic.Entity, subscription => AmazonSqsTopology.SetTopic(subscription, topic.Entity, settings));
    }

    public DeliveryNumber? FindDeliveryNumber(ReceiveContext context) =>
        context.TryGetPayload<AmazonSqsMessageContext>(out var received) ? _batches.Find(received.TransportMessage) : null;

    public Task RedeliverAsync(DelayedMessage message) => AmazonSqsRedelivery.PutAsync(message);

    public IDeadLetterQueue GetDeadLetterQueue(string queue, TransportSettings settings) => new AmazonSqsDeadLetterQueue(
        _client.Value, queue, AmazonSqsQueueUrl.Parse(((AmazonSqsSettings)settings).QueueUrl) is { } existing && existing.Name == queue
            ? ((AmazonSqsSettings)settings).QueueUrl
            : null);

    public ValueTask<bool> MayHaveQueueAsync(TopicTopology topic, CancellationToken cancellationToken) =>
        _sendAddresses.ContainsKey(topic.Entity) || _subscriptions.HasAny(topic.Entity)
            ? ValueTask.FromResult(true)
            : new ValueTask<bool>(FindSubscriptionAsync(topic, cancellationToken));

    public bool IsRefusal(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is MissingEntityException || (e is AmazonServiceException { StatusCode: System.Net.HttpStatusCode.Forbidden } service
                && AmazonSqsReach.IsReached(service.ErrorCode, 403)))
                return true;
        }

        return false;
    }

    // Whoever finds that a topic or queue was deleted sends again once it is made again.
    public PublishFault FindPublishFault(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is QueueDoesNotExistException or NotFoundException)
                return PublishFault.ConnectionLost;
        }

        return PublishFault.Unknown;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _probe.Stop();
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    private async Task<bool> FindSubscriptionAsync(TopicTopology topic, CancellationToken cancellationToken)
    {
        var found = false;
        var ask = Pipe.ExecuteAsync<ConnectionContext>(async context =>
        {
            var info = await context.GetTopic(AmazonSqsTopology.TopicOf(topic), cancellationToken).ConfigureAwait(false);
            found = await _subscriptions.FindAnyAsync(context.Connection.SnsClient, topic.Entity, info.Arn, cancellationToken).ConfigureAwait(false);
        });
        try
        {
            await _configuration.HostConfiguration.ConnectionContextSupervisor.Send(ask, cancellationToken).ConfigureAwait(false);
            return found;
        }
        catch (NotFoundException)
        {
            // The publish finds out too, and is sent again once the topic is made again; then this is asked again.
            Gone(new GoneEntity(true, topic.Entity));
            return true;
        }
    }

    private void Gone(GoneEntity entity)
    {
        _gone.Enqueue(entity);
        _probe.Lost($"the {(entity.IsTopic ? "SNS topic" : "queue")} '{entity.Name}' was deleted");
    }

    // MassTransit keeps what it knows of topics and queues for ever.
    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        if (_gone.IsEmpty)
            return;

        var forget = Pipe.ExecuteAsync<ConnectionContext>(async context =>
        {
            while (_gone.TryDequeue(out var entity))
                await (entity.IsTopic ? context.RemoveTopicByName(entity.Name) : context.RemoveQueueByName(entity.Name)).ConfigureAwait(false);
        });
        await _configuration.HostConfiguration.ConnectionContextSupervisor.Send(forget, cancellationToken).ConfigureAwait(false);
    }
}
