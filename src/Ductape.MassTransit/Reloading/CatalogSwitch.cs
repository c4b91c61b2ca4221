using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// Puts the routes of another catalog in the place of those in use, together with the subscriptions. One at a time.
/// </summary>
internal sealed class CatalogSwitch(
    CurrentCatalog catalog, ConnectionRegistry connections, SubscriptionMover mover, ClassSubscribers classSubscribers, ReloadCleanup cleanup)
{
    private volatile IReadOnlyCollection<Replacement> _replacements = [];

    /// <summary>The connections that are not in use yet.</summary>
    public IReadOnlyCollection<Replacement> Replacements => _replacements;

    /// <summary>These connections are to be used, and those that were before no more.</summary>
    public void Expect(IReadOnlyCollection<Replacement> replacements) => _replacements = replacements;

    /// <param name="routes">The routes.</param>
    /// <param name="replacement">The connection that takes over, or null where none does.</param>
    /// <param name="stopping">Ends the wait for subscriptions, callbacks and publishes.</param>
    /// <returns>Why nothing was changed, or null. Without a replacement what can be changed is.</returns>
    public async Task<Exception?> SwitchAsync(RouteResolver routes, Replacement? replacement, CancellationToken stopping)
    {
        var moves = mover.MovesTo(routes);
        if (await moves.JoinAsync(stopping).ConfigureAwait(false) is { } problem && replacement is not null)
        {
            await moves.UndoAsync(stopping).ConfigureAwait(false);
            return problem;
        }

        catalog.Replace(routes);
        if (replacement is not null)
        {
            if (replacement.SameAs is { } key)
                connections.Promote(key, replacement.Connection);
            _replacements = [.. _replacements.Where(x => x != replacement)];
        }

        moves.Commit();
        DeclareAgain(routes);
        var leaving = cleanup.LeaveAsync(moves, stopping);

        // Those that began on the old routes while the others were joining the new ones.
        var late = mover.MovesTo(routes);
        await late.JoinAsync(stopping).ConfigureAwait(false);
        late.Commit();
        cleanup.Drain(Task.WhenAll(leaving, cleanup.LeaveAsync(late, stopping)), _replacements, stopping);
        await classSubscribers.StartMissingAsync(stopping).ConfigureAwait(false);
        return null;
    }

    /// <summary>Completes when all that switches have left behind is stopped.</summary>
    public Task DrainedAsync() => cleanup.DrainedAsync();

    private void DeclareAgain(RouteResolver routes)
    {
        foreach (var connection in connections.All.Where(x => x.HoldsMessages))
        {
            foreach (var topic in connection.Topics.Declared)
            {
                if (routes.TryResolve(topic.ProductTag, topic.Env, topic.Event, out var now, out _) && now.Connection == connection
                    && now.Contract == topic.Contract && now.TopologyShape.Value != topic.TopologyShape.Value)
                {
                    connection.DeclareAgain(now);
                }
            }
        }
    }
}
