using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Schemas;
using Ductape.MassTransit.Subscribing;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// Puts another catalog in the place of the one in use: at once where that needs no new connection, else when the new
/// connection works. Until then the old one goes on.
/// </summary>
internal sealed class CatalogSwitch(
    CurrentCatalog current,
    TransportSet transports,
    ConnectionRegistry connections,
    SubscriptionSlots slots,
    SubscriptionStarter starter,
    ClassSubscribers classSubscribers,
    LeftBehind leftBehind,
    TimeProvider time,
    ILogger<CatalogReload> logger)
{
    // For a subscription to join its new queue.
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ReplacementWait _wait = new(time, logger);
    private CatalogConfig _wanted = current.Catalog;
    private HeldBack _held = new();
    private volatile IReadOnlyCollection<Replacement> _replacements = [];
    private CancellationTokenSource _superseded = new();
    private Task _waiting = Task.CompletedTask;

    /// <summary>The connections that are not in use yet.</summary>
    public IReadOnlyCollection<Replacement> Replacements => _replacements;

    public async Task ApplyAsync(CatalogConfig wanted)
    {
        await SupersedeAsync().ConfigureAwait(false);
        await _gate.WaitAsync(_stopping.Token).ConfigureAwait(false);
        try
        {
            var plan = ReloadPlan.Of(current.Catalog, wanted, connections, slots, x => RoutesOf(x), logger);
            (_wanted, _held, _replacements) = (wanted, plan.Held, plan.Replacements);
            await SwitchAsync(RoutesOf(_held.ApplyTo(wanted)), null).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }

        _superseded = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var cancellationToken = _superseded.Token;
        _waiting = Task.WhenAll(_replacements.Select(x => Task.Run(() => _wait.RunAsync(x, TryReplaceAsync, cancellationToken), CancellationToken.None)));
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await SupersedeAsync().ConfigureAwait(false);
        await leftBehind.DrainedAsync().ConfigureAwait(false);
    }

    private async Task SupersedeAsync()
    {
        // Taken out: the shutdown may come in the middle of a reload.
        using var superseded = Interlocked.Exchange(ref _superseded, new CancellationTokenSource());
        await superseded.CancelAsync().ConfigureAwait(false);
        await _waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<Exception?> TryReplaceAsync(Replacement replacement, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var held = _held.Without(replacement);
            if (await SwitchAsync(RoutesOf(held.ApplyTo(_wanted), replacement), replacement).ConfigureAwait(false) is { } problem)
                return problem;

            _held = held;
            logger.Replaced(replacement.Place, replacement.Connection.Description);
            return null;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <returns>Why nothing was changed, or null. Without a replacement what can be changed is.</returns>
    private async Task<Exception?> SwitchAsync(RouteResolver routes, Replacement? replacement)
    {
        var moves = SubscriptionMoves.Of(connections.All.SelectMany(slots.Of), routes, starter, logger);
        if (await moves.JoinAsync(JoinLimit, time, _stopping.Token).ConfigureAwait(false) is { } problem && replacement is not null)
        {
            await moves.UndoAsync(_stopping.Token).ConfigureAwait(false);
            return problem;
        }

        current.Replace(routes);
        if (replacement is not null)
        {
            if (replacement.SameAs is { } key)
                connections.Promote(key, replacement.Connection);
            _replacements = [.. _replacements.Where(x => x != replacement)];
        }

        moves.Commit();
        DeclareAgain(routes);
        var leaving = leftBehind.LeaveAsync(moves, _stopping.Token);

        // Those that began on the old routes while the others were joining the new ones.
        var late = SubscriptionMoves.Of(connections.All.SelectMany(slots.Of), routes, starter, logger);
        await late.JoinAsync(JoinLimit, time, _stopping.Token).ConfigureAwait(false);
        late.Commit();
        leftBehind.Drain(Task.WhenAll(leaving, leftBehind.LeaveAsync(late, _stopping.Token)), _replacements, _stopping.Token);
        await classSubscribers.StartMissingAsync(_stopping.Token).ConfigureAwait(false);
        return null;
    }

    private RouteResolver RoutesOf(CatalogConfig catalog, Replacement? replacement = null) => new(catalog, transports,
        replacement?.SameAs is { } key ? env => connections.KeyOf(env) == key ? replacement.Connection : connections.Get(env) : connections.Get);

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
