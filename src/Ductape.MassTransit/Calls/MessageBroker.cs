using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Publishing;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Calls;

internal sealed class MessageBroker(
    CurrentCatalog catalog, CallRoutes routes, SubscriptionStarter subscriptions, PublishPipeline publishes, TimeProvider time, ILogger<MessageBroker> logger)
    : IMessageBroker
{
    private DuctapeOptions Options => catalog.Options;

    public Task<PublishResult> PublishAsync(MessageBrokerPublishInput data, CancellationToken cancellationToken) =>
        PublishAsync(data, null, cancellationToken);

    /// <param name="data">The publish.</param>
    /// <param name="scope">The scope that it belongs to, or null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<PublishResult> PublishAsync(MessageBrokerPublishInput data, PublishScope? scope, CancellationToken cancellationToken)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(data);
            var route = routes.Of(data);
            PublishedPayload.CheckInput(route, data.Input);
            return publishes.PublishAsync(new OutgoingPublish(route, data) { Scope = scope }, cancellationToken);
        }
        catch (Exception exception)
        {
            return Task.FromException<PublishResult>(exception);
        }
    }

    public async Task<ISubscription> SubscribeAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(data);
        cancellationToken.ThrowIfCancellationRequested();
        var subscription = await subscriptions.BeginAsync(data, cancellationToken).ConfigureAwait(false);
        try
        {
            await subscription.Ready.WaitAsync(Options.SubscribeTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (subscription.Slot.AwaitsStop)
                logger.SubscriptionAwaitsStop(subscription.ProductTag, subscription.Event, subscription.Env, subscription.Queue);
            else
                logger.SubscriptionWaits(subscription.ProductTag, subscription.Event, subscription.Env, subscription.Connection);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DuctapeException(DuctapeErrorCodes.SubscribeFailed,
                $"the subscription with the queue {subscription.Queue} was stopped before {subscription.Connection} had it.", exception)
            { Event = subscription.Event, Env = subscription.Env, ProductTag = subscription.ProductTag };
        }
        catch
        {
            await subscription.StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return subscription;
    }
}
