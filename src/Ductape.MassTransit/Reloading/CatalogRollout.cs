using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// Takes a new catalog into use: at once what needs no new connection, the rest when the new connection works. Until
/// then the old one goes on.
/// </summary>
internal sealed class CatalogRollout(
    CurrentCatalog catalog, ReloadPlanner planner, CatalogRoutes routes, CatalogSwitch @switch, TimeProvider time, ILogger<CatalogReload> logger)
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ReplacementWait _wait = new(time, logger);
    private CatalogConfig _wanted = catalog.Catalog;
    private PostponedChanges _postponed = new();
    private CancellationTokenSource _superseded = new();
    private Task _waiting = Task.CompletedTask;

    /// <summary>The connections that are not in use yet.</summary>
    public IReadOnlyCollection<Replacement> Replacements => @switch.Replacements;

    public async Task ApplyAsync(CatalogConfig wanted)
    {
        await SupersedeAsync().ConfigureAwait(false);
        await _gate.WaitAsync(_stopping.Token).ConfigureAwait(false);
        try
        {
            var plan = planner.Plan(wanted);
            (_wanted, _postponed) = (wanted, plan.Postponed);
            @switch.Expect(plan.Replacements);
            await @switch.SwitchAsync(routes.Of(_postponed.LeaveOutOf(wanted)), null, _stopping.Token).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }

        _superseded = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var cancellationToken = _superseded.Token;
        _waiting = Task.WhenAll(Replacements.Select(x => Task.Run(() => _wait.RunAsync(x, TryReplaceAsync, cancellationToken), CancellationToken.None)));
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await SupersedeAsync().ConfigureAwait(false);
        await @switch.DrainedAsync().ConfigureAwait(false);
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
            var postponed = _postponed.Without(replacement);
            if (await @switch.SwitchAsync(routes.Of(postponed.LeaveOutOf(_wanted), replacement), replacement, _stopping.Token).ConfigureAwait(false) is { } problem)
                return problem;

            _postponed = postponed;
            logger.Replaced(replacement.Place, replacement.Connection.Description);
            return null;
        }
        finally
        {
            _gate.Release();
        }
    }
}
