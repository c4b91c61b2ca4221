using System.Diagnostics.CodeAnalysis;
using Ductape.MassTransit.Caching;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Brings each message of a queue to the callback of the subscription that the queue has at the moment.
/// </summary>
/// <param name="endpoint">The endpoint that they come from.</param>
/// <param name="gate">Where they wait for a subscription.</param>
/// <param name="setup">What the route asks.</param>
/// <param name="provider">Whether what callbacks use is still there.</param>
/// <param name="logger">The log.</param>
internal sealed class DeliveryDispatcher(QueueEndpoint endpoint, DeliveryGate gate, EndpointSetup setup, ProviderLifetime provider, ILogger logger)
{
    private readonly Route _route = setup.Route;
    private readonly string _queue = setup.Topology.Queue;
    private readonly bool _ephemeral = setup.Topology.Ephemeral;
    private readonly bool _holdsInside = setup.HoldsInside;
    private readonly RetryWaits? _retries = setup.Retries;
    private readonly DelayedRedelivery? _redelivery = setup.Redelivery;
    private readonly QueueDeduplication? _deduplication = setup.Deduplication;

    public async Task DeliverAsync(ConsumeContext context, TopicMessage received)
    {
        received.SerializerOptions = gate.Owner?.SerializerOptions;
        while (true)
        {
            if (gate.Enter() is { } subscription)
            {
                ReceivedMessage? message = null;
                subscription.Counts.Begin();
                try
                {
                    message = new ReceivedMessage(subscription, context, received.Body);
                    await (_redelivery is null ? CallAsync(message, subscription) : CallAsync(message, subscription, _redelivery))
                        .ConfigureAwait(false);
                    if (message.Outcome == DeliveryOutcome.None)
                        message.Outcome = DeliveryOutcome.Handled;
                    return;
                }
                catch (Exception exception)
                {
                    // Whatever it failed for: what it uses is gone, and the message is not to blame.
                    if (provider.IsOver)
                    {
                        logger.ProviderIsGone(MessageIds.Of(context), _route.Event, _route.Env, _queue, exception);
                        GiveBack(context);
                    }

                    _retries?.Failed(context, _holdsInside && subscription.IsStopping);
                    throw;
                }
                finally
                {
                    subscription.Counts.End(message?.Outcome ?? DeliveryOutcome.None);
                    gate.Exit();
                }
            }

            if (_ephemeral && gate.Owner is null)
                return;

            var opens = gate.WaitAsync(context.CancellationToken);
            if (!_holdsInside && endpoint.IsStopping)
                GiveBack(context);
            if (await opens.ConfigureAwait(false))
                continue;
            if (_holdsInside)
                return;
            GiveBack(context);
        }
    }

    // It returns to the queue when the channel is closed.
    [DoesNotReturn]
    private static void GiveBack(ConsumeContext context)
    {
        ((BaseReceiveContext)context.ReceiveContext).Cancel();
        throw new OperationCanceledException("The endpoint stops.", context.CancellationToken);
    }

    private Task CallAsync(ReceivedMessage message, Subscription subscription) =>
        _deduplication is null ? subscription.Callback(message) : _deduplication.CallAsync(message, subscription.Callback);

    // Apart, since a closure up there would be made for every message.
    private Task CallAsync(ReceivedMessage message, Subscription subscription, DelayedRedelivery redelivery) =>
        redelivery.CallAsync(message, x => CallAsync(x, subscription));
}
