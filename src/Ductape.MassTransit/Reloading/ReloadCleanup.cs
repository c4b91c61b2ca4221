using System.Collections.Concurrent;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// Clears up behind a reload: subscriptions leave the old queues when their callbacks are through, and after that the
/// connections that nobody uses any more are stopped, in the background.
/// </summary>
internal sealed class ReloadCleanup(
    CurrentCatalog catalog,
    ConnectionRegistry connections,
    SubscriptionSlots slots,
    ClassSubscribers classSubscribers,
    TimeProvider time,
    ILogger<CatalogReload> logger)
{
    // As long as a host waits by default.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(30);

    private readonly HashSet<Task> _draining = [];
    private readonly ConcurrentDictionary<Connection, bool> _retiring = new();

    /// <summary>Leaves the old queues of moved subscriptions, and ends those whose event is gone.</summary>
    public async Task LeaveAsync(SubscriptionMoves moves, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(DrainLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        await moves.LeaveAsync(either.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes out the connections that nobody uses any more, and stops them in the background when their subscriptions
    /// have left.
    /// </summary>
    /// <param name="leaving">Completes when they have.</param>
    /// <param name="replacements">The connections that are not in use yet.</param>
    /// <param name="stopping">Ends the wait for callbacks and publishes.</param>
    public void Drain(Task leaving, IEnumerable<Replacement> replacements, CancellationToken stopping)
    {
        var draining = DrainAsync(leaving, TakeUnused(replacements), stopping);
        lock (_draining)
        {
            _draining.RemoveWhere(x => x.IsCompleted);
            _draining.Add(draining);
        }
    }

    /// <summary>Completes when all that was left is stopped.</summary>
    public async Task DrainedAsync()
    {
        Task[] draining;
        lock (_draining)
            draining = [.. _draining];
        await Task.WhenAll(draining).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // What holds messages costs little and may be wanted again.
    private Connection[] TakeUnused(IEnumerable<Replacement> replacements)
    {
        var used = catalog.Catalog.Products.Values.SelectMany(x => x.Brokers.Values).SelectMany(x => x.Envs.Values)
            .Where(x => x.Transport is not null).Select(connections.KeyOf).Distinct().Select(connections.Find)
            .Concat(replacements.Select(x => x.Connection)).ToHashSet();
        var unused = connections.All.Where(x => !used.Contains(x) && !x.HoldsMessages && !slots.Of(x).Any(IsNeeded) && _retiring.TryAdd(x, true))
            .ToArray();
        foreach (var connection in unused)
            connections.SetAside(connection);
        return unused;

        static bool IsNeeded(SubscriptionSlot slot) => slot.Current is { IsStopping: false } subscription && subscription.Slot == slot;
    }

    private async Task DrainAsync(Task leaving, Connection[] unused, CancellationToken stopping)
    {
        try
        {
            await leaving.ConfigureAwait(false);
            // A class whose event went and came back could not begin while its last subscription was ending.
            await classSubscribers.StartMissingAsync(stopping).ConfigureAwait(false);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            logger.ReloadFailed(exception);
        }
        catch (OperationCanceledException)
        {
            // Shutdown stops the rest.
        }

        await Task.WhenAll(unused.Select(x => RetireAsync(x, stopping))).ConfigureAwait(false);
    }

    private async Task RetireAsync(Connection connection, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(DrainLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await connection.RetireAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.ReloadFailed(connection.Mask.Hide(exception));
        }

        connections.Forget(connection);
        _retiring.TryRemove(connection, out _);
    }
}
