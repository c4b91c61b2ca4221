using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// Takes the subscriptions of this process from the routes that they are on to those of another catalog: they join the
/// new queues first, and leave the old ones when publishes go to the new routes.
/// </summary>
internal sealed class SubscriptionMoves(SlotClaims claims, TimeProvider time, ILogger logger)
{
    // For a subscription to join its new queue.
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(30);

    private readonly List<(Subscription Subscription, Route Route)> _updates = [];
    private readonly List<(Subscription Subscription, Route Route)> _moves = [];
    private readonly List<(Subscription Subscription, SubscriptionSlot Slot, Route Route)> _joined = [];
    private readonly List<(Subscription Subscription, string Reason)> _ends = [];
    private readonly List<(Subscription Subscription, Exception Problem)> _stay = [];
    private readonly List<(Subscription Subscription, SubscriptionSlot Slot)> _departures = [];

    /// <summary>Adds a subscription, which is to be where these routes lead.</summary>
    public void Add(Subscription subscription, RouteResolver routes)
    {
        if (!routes.TryResolve(subscription.ProductTag, subscription.Env, subscription.Event, out var route, out var problem))
            _ends.Add((subscription, problem.Message));
        else if (route.Connection == subscription.Slot.Connection
            && (subscription.Slot.Ephemeral || route.QueueOf(subscription.Name) == subscription.Queue))
            _updates.Add((subscription, route));
        else
            _moves.Add((subscription, route));
    }

    /// <summary>Joins the new queues. What cannot be joined stays where it is.</summary>
    /// <returns>Why a subscription could not join, or null.</returns>
    public async Task<Exception?> JoinAsync(CancellationToken cancellationToken)
    {
        var problems = await Task.WhenAll(_moves.Select(x => JoinAsync(x.Subscription, x.Route, cancellationToken))).ConfigureAwait(false);
        return problems.FirstOrDefault(x => x is not null);
    }

    /// <summary>Back to where everything was.</summary>
    public Task UndoAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_joined.Select(x => x.Subscription.Places.LeaveAsync(x.Slot, cancellationToken)));

    /// <summary>The new routes are in use: the subscriptions are now where they have joined.</summary>
    public void Commit()
    {
        foreach (var (subscription, route) in _updates)
        {
            claims.Update(subscription.Slot, route);
            subscription.Places.Update(route);
        }

        foreach (var (subscription, problem) in _stay)
            logger.MoveFailed(subscription.ProductTag, subscription.Event, subscription.Env, problem);
        foreach (var (subscription, slot, route) in _joined)
        {
            // What is left in a bus that holds the messages itself comes from there, for as long as there is any.
            if (!subscription.Slot.Connection.HoldsMessages)
                _departures.Add((subscription, subscription.Slot));
            subscription.Places.MoveTo(slot, route);
        }
    }

    /// <summary>Leaves the old queues, and ends the subscriptions whose event is not there any more.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        foreach (var (subscription, reason) in _ends)
            logger.SubscriptionRemoved(subscription.ProductTag, subscription.Event, subscription.Env, subscription.Queue, reason);
        return Task.WhenAll([
            .. _departures.Select(x => x.Subscription.Places.LeaveAsync(x.Slot, cancellationToken)),
            .. _ends.Select(x => x.Subscription.StopAsync(cancellationToken)),
        ]);
    }

    private async Task<Exception?> JoinAsync(Subscription subscription, Route route, CancellationToken cancellationToken)
    {
        SubscriptionSlot? slot = null;
        using var timeout = new CancellationTokenSource(JoinLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            slot = claims.ClaimNext(subscription, route);
            // A broker that is out of reach takes no messages either; the subscription begins there by itself.
            if (route.Connection.State.Status == ConnectionStatus.Connected)
                await subscription.Places.JoinAsync(slot, route, either.Token).ConfigureAwait(false);
            else
                _ = JoinLaterAsync(subscription, slot, route, cancellationToken);

            lock (_joined)
                _joined.Add((subscription, slot, route));
            return null;
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested && !subscription.IsStopping)
        {
            var exception = timeout.IsCancellationRequested && problem is OperationCanceledException
                ? new TimeoutException($"{route.Connection.Description} did not take over the queue {slot?.Queue} within {JoinLimit}.", problem)
                : problem;
            lock (_stay)
                _stay.Add((subscription, route.Connection.Mask.Hide(exception)));
            if (slot is not null)
                await subscription.Places.LeaveAsync(slot, CancellationToken.None).ConfigureAwait(false);
            return exception;
        }
        catch (Exception) when (subscription.IsStopping)
        {
            return null;
        }
    }

    private async Task JoinLaterAsync(Subscription subscription, SubscriptionSlot slot, Route route, CancellationToken cancellationToken)
    {
        try
        {
            await subscription.Places.JoinAsync(slot, route, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The health check tells of it too.
            if (!cancellationToken.IsCancellationRequested && !subscription.IsStopping && subscription.Slot == slot)
                logger.MoveFailed(subscription.ProductTag, subscription.Event, subscription.Env, route.Connection.Mask.Hide(exception));
        }
    }
}
