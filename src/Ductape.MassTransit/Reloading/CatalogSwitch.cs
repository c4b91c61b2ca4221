using System.Collections.Concurrent;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Schemas;
using Ductape.MassTransit.Subscribing;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// Puts another catalog in the place of the one in use: at once where that needs no new connection, else when the new connection works. Until
/// then the old one goes on.
/// </summary>
internal sealed class CatalogSwitch(
    CurrentCatalog current,
    TransportSet transports,
    ConnectionRegistry connections,
    SubscriptionSlots slots,
    SubscriptionStarter starter,
    ClassSubscribers classSubscribers,
    TimeProvider time,
    ILogger<CatalogReload> logger)
{
    /// <summary>How long a new connection may take before the log and the health check say that it is not in use.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // As long as a host waits by default.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _draining = [];
    private readonly ConcurrentDictionary<Connection, bool> _retiring = new();
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
        _waiting = Task.WhenAll(_replacements.Select(x => Task.Run(() => ReplaceAsync(x, cancellationToken), CancellationToken.None)));
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await SupersedeAsync().ConfigureAwait(false);
        Task[] draining;
        lock (_draining)
            draining = [.. _draining];
        await Task.WhenAll(draining).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SupersedeAsync()
    {
        // Taken out: the shutdown may come in the middle of a reload.
        using var superseded = Interlocked.Exchange(ref _superseded, new CancellationTokenSource());
        await superseded.CancelAsync().ConfigureAwait(false);
        await _waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReplaceAsync(Replacement replacement, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var delay = FirstDelay;
        while (true)
        {
            try
            {
                await replacement.Connection.GetBusAsync(cancellationToken).AsTask().WaitAsync(FirstDelay, time, cancellationToken).ConfigureAwait(false);
                if (await TryReplaceAsync(replacement, cancellationToken).ConfigureAwait(false) is not { } refusal)
                    return;

                Tell(replacement, "does not take over a subscription", refusal);
                // A refusal seldom goes away by itself.
                delay = delay * 2 < Patience ? delay * 2 : Patience;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (time.GetElapsedTime(began) >= Patience)
                    Tell(replacement, "is not connected", replacement.Connection.State.Error ?? exception);
            }

            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Tell(Replacement replacement, string what, Exception problem)
    {
        problem = replacement.Connection.Mask.Hide(problem);
        var reason = $"{replacement.Connection.Description} {what}: {problem.GetBaseException().Message}";
        if (reason != replacement.Problem)
            logger.ReplacementWaits(replacement.Place, reason, problem);
        replacement.Problem = reason;
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
        if (await moves.JoinAsync(Patience, time, _stopping.Token).ConfigureAwait(false) is { } problem && replacement is not null)
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
        var leaving = LeaveAsync(moves);

        // Those that began on the old routes while the others were joining the new ones.
        var late = SubscriptionMoves.Of(connections.All.SelectMany(slots.Of), routes, starter, logger);
        await late.JoinAsync(Patience, time, _stopping.Token).ConfigureAwait(false);
        late.Commit();
        Drain(Task.WhenAll(leaving, LeaveAsync(late)), TakeUnused());
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

    // What holds messages costs little and may be wanted again.
    private Connection[] TakeUnused()
    {
        var used = current.Catalog.Products.Values.SelectMany(x => x.Brokers.Values).SelectMany(x => x.Envs.Values)
            .Where(x => x.Transport is not null).Select(connections.KeyOf).Distinct().Select(connections.Find)
            .Concat(_replacements.Select(x => x.Connection)).ToHashSet();
        var unused = connections.All.Where(x => !used.Contains(x) && !x.HoldsMessages && !slots.Of(x).Any(IsNeeded) && _retiring.TryAdd(x, true))
            .ToArray();
        foreach (var connection in unused)
            connections.SetAside(connection);
        return unused;

        static bool IsNeeded(SubscriptionSlot slot) => slot.Current is { IsStopping: false } subscription && subscription.Slot == slot;
    }

    private void Drain(Task leaving, Connection[] unused)
    {
        var draining = DrainAsync(leaving, unused);
        lock (_draining)
        {
            _draining.RemoveWhere(x => x.IsCompleted);
            _draining.Add(draining);
        }
    }

    private async Task LeaveAsync(SubscriptionMoves moves)
    {
        using var limit = new CancellationTokenSource(DrainLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        await moves.LeaveAsync(either.Token).ConfigureAwait(false);
    }

    private async Task DrainAsync(Task leaving, Connection[] unused)
    {
        try
        {
            await leaving.ConfigureAwait(false);
            // A class whose event went and came back could not begin while its last subscription was ending.
            await classSubscribers.StartMissingAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            logger.ReloadFailed(exception);
        }
        catch (OperationCanceledException)
        {
            // Shutdown stops the rest.
        }

        await Task.WhenAll(unused.Select(RetireAsync)).ConfigureAwait(false);
    }

    private async Task RetireAsync(Connection connection)
    {
        using var limit = new CancellationTokenSource(DrainLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
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
