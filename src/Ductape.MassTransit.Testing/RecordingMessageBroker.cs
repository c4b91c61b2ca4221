using System.Runtime.ExceptionServices;
using System.Text.Json;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Testing;

/// <summary>
/// A broker for unit tests: records what is published and delivers it in memory to whoever subscribed, when the test
/// says so. No bus, no configuration: every event exists, nothing is retried, and no session, schema or cache is looked
/// at. Also an <see cref="IScopedMessageBroker"/>. Thread-safe.
/// </summary>
/// <remarks>
/// For what the configuration does (retries, dead letters, sessions, schemas) use the broker itself with the type
/// <c>IN_MEMORY</c>.
/// </remarks>
public sealed class RecordingMessageBroker : IScopedMessageBroker
{
    private readonly Lock _lock = new();
    private readonly List<RecordedMessage> _published = [];
    private readonly List<RecordedSubscription> _subscriptions = [];
    private readonly RecordedCalls _calls;
    private int _delivered;

    /// <summary>Makes a broker that has nothing yet.</summary>
    /// <param name="product">The product of calls that name none.</param>
    /// <param name="env">The environment of calls that name none.</param>
    /// <param name="serializerOptions">How payloads are written and read. Default: as
    /// <see cref="DuctapeOptions.SerializerOptions"/> are by default.</param>
    public RecordingMessageBroker(string product = "test", string env = "test", JsonSerializerOptions? serializerOptions = null) =>
        _calls = new RecordedCalls(product, env, serializerOptions ?? PayloadJson.DefaultOptions);

    /// <summary>What was published, in that order; a copy.</summary>
    public IReadOnlyList<RecordedMessage> Published
    {
        get
        {
            lock (_lock)
                return [.. _published];
        }
    }

    /// <summary>The subscriptions that run, in the order in which they were made; a copy.</summary>
    public IReadOnlyList<ISubscription> Subscriptions
    {
        get
        {
            lock (_lock)
                return [.. _subscriptions];
        }
    }

    /// <summary>
    /// Asked at every publish: an exception fails that publish, which is then not recorded; null lets it through.
    /// Default: null, every publish succeeds.
    /// </summary>
    public Func<MessageBrokerPublishInput, Exception?>? Fail { get; set; }

    /// <summary>Records a message. The result is that of a broker that has it.</summary>
    /// <inheritdoc/>
    public Task<PublishResult> PublishAsync(MessageBrokerPublishInput data, CancellationToken cancellationToken = default)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(data);
            var message = _calls.Read(data);
            if (cancellationToken.IsCancellationRequested)
                return Task.FromCanceled<PublishResult>(cancellationToken);
            if (Fail?.Invoke(data) is { } failure)
                return Task.FromException<PublishResult>(failure);

            lock (_lock)
                _published.Add(message);
            return Task.FromResult(new PublishResult
            {
                ProcessId = message.ProcessId,
                MessageId = message.MessageId,
                Event = message.Event,
                Env = message.Env,
                ProductTag = message.ProductTag,
                BrokerType = BrokerTypes.InMemory,
                Destination = message.Event,
                SentAt = message.SentAt,
            });
        }
        catch (Exception exception)
        {
            return Task.FromException<PublishResult>(exception);
        }
    }

    /// <summary>Keeps a callback for what is delivered later.</summary>
    /// <inheritdoc/>
    public Task<ISubscription> SubscribeAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken = default)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(data);
            return cancellationToken.IsCancellationRequested
                ? Task.FromCanceled<ISubscription>(cancellationToken)
                : Task.FromResult<ISubscription>(Subscribe(data));
        }
        catch (Exception exception)
        {
            return Task.FromException<ISubscription>(exception);
        }
    }

    /// <summary>
    /// Subscribes an object whose class has a <see cref="SubscribeAttribute"/>, to all of its events.
    /// </summary>
    /// <param name="subscriber">The <see cref="ISubscriber{T}"/>. The same object gets every message.</param>
    /// <exception cref="ArgumentException">Its class has no attribute, or does not implement
    /// <see cref="ISubscriber{T}"/> exactly once.</exception>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SubscriptionExists"/>: the queue has a
    /// subscription.</exception>
    public void AddSubscriber(object subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var services = new ServiceCollection().AddSingleton(subscriber.GetType(), subscriber).BuildServiceProvider();
        Subscribe(SubscriberRegistration.Of(subscriber.GetType()), services);
    }

    /// <summary>
    /// Subscribes the classes that the application registered with <c>AddSubscriber</c>. Each message gets a scope of
    /// its own.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <exception cref="InvalidOperationException">No class is registered.</exception>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SubscriptionExists"/>: a queue has a
    /// subscription.</exception>
    public void AddSubscribersOf(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        SubscriberRegistration[] registrations = [.. services.GetServices<SubscriberRegistration>()];
        if (registrations.Length == 0)
            throw new InvalidOperationException("No class is registered as a subscriber: add it with AddDuctapeMessageBroker().AddSubscriber<T>().");
        Subscribe(registrations, services);
    }

    /// <summary>
    /// Delivers what was published and not delivered by this call before, also what callbacks publish meanwhile, until
    /// there is none: one after the other, without a session, each to every subscription of its event and environment.
    /// What nobody subscribed to is left out.
    /// </summary>
    /// <param name="cancellationToken">The <see cref="ReceivedMessage.CancellationToken"/> of the messages.</param>
    /// <returns>How often a message was given to a subscription.</returns>
    /// <remarks>
    /// What a callback throws comes out here, as of <see cref="DeliverAsync"/>; another call goes on with the next
    /// message. Callbacks that publish to their own event without end never end.
    /// </remarks>
    public async Task<int> DeliverAllAsync(CancellationToken cancellationToken = default)
    {
        var count = 0;
        while (true)
        {
            RecordedMessage message;
            lock (_lock)
            {
                if (_delivered == _published.Count)
                    return count;
                message = _published[_delivered++];
            }

            count += await DeliverAsync(message, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Delivers one message, published before or not, to every subscription of its event and environment.
    /// </summary>
    /// <param name="message">The message, one of <see cref="Published"/>; as often as wanted, as a broker may.</param>
    /// <param name="session">What <see cref="ReceivedMessage.Session"/> says. Default: null, none, since nothing
    /// verified the session of the publish.</param>
    /// <param name="cancellationToken">The <see cref="ReceivedMessage.CancellationToken"/> of the message.</param>
    /// <returns>How many subscriptions got it.</returns>
    /// <exception cref="AggregateException">Several callbacks threw; what one alone throws comes out as it is. All
    /// subscriptions got the message before that.</exception>
    public async Task<int> DeliverAsync(RecordedMessage message, TestSession? session = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        RecordedSubscription[] receivers;
        lock (_lock)
            receivers = [.. _subscriptions.Where(x => x.Receives(message.Event, message.Env))];
        var failures = new List<Exception>();
        foreach (var receiver in receivers)
        {
            var received = message.Content.ToMessage(receiver.ProductTag, session, 1, 0, 0, cancellationToken);
            try
            {
                await receiver.DeliverAsync(received).ConfigureAwait(false);
            }
            // It is for the test, when the others have the message too.
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }

        if (failures is [var failure])
            ExceptionDispatchInfo.Throw(failure);
        return failures.Count == 0 ? receivers.Length : throw new AggregateException(failures);
    }

    private void Subscribe(IEnumerable<SubscriberRegistration> registrations, IServiceProvider services)
    {
        var scopes = services.GetRequiredService<IServiceScopeFactory>();
        foreach (var registration in registrations)
            Subscribe(registration.ToInput(scopes));
    }

    private RecordedSubscription Subscribe(MessageBrokerSubscribeInput data)
    {
        var subscription = _calls.Read(data, Remove);
        lock (_lock)
        {
            if (_subscriptions.Exists(x => string.Equals(x.Queue, subscription.Queue, StringComparison.OrdinalIgnoreCase)))
            {
                throw new DuctapeException(DuctapeErrorCodes.SubscriptionExists,
                    $"this broker already has a subscription with the queue '{subscription.Queue}'. Stop that subscription first, or give this one a name.")
                { Event = subscription.Event, Env = subscription.Env, ProductTag = subscription.ProductTag };
            }

            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    private void Remove(RecordedSubscription subscription)
    {
        lock (_lock)
            _subscriptions.Remove(subscription);
    }
}
