using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Filters;
using Ductape.MassTransit.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Reloading;

/// <summary>
/// Reads the configuration again when it has changed. A valid one is taken over; an invalid one is logged, whole, and
/// changes nothing. One at a time: changes that come meanwhile, and the second of two that a file watcher tells of, are
/// one more look at the end.
/// </summary>
internal sealed class CatalogReload(
    CurrentCatalog catalog, CatalogReader reader, CatalogRollout rollout, UnusedFilters unusedFilters, TimeProvider time, ILogger<CatalogReload> logger)
    : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private bool _isRunning;
    private bool _isRequested;
    private bool _isStopped;
    private bool _toldOfDefaults;
    private volatile ReloadState _state = new(null, null);

    // What the configuration said that was taken over last.
    private string _fingerprint = catalog.Catalog.Fingerprint;

    public ReloadState State => _state;

    public IReadOnlyCollection<Replacement> Replacements => rollout.Replacements;

    /// <summary>Has the configuration looked at, in the background.</summary>
    public void Request()
    {
        lock (_lock)
        {
            if (_isStopped)
                return;

            _isRequested = true;
            if (_isRunning)
                return;

            _isRunning = true;
            _running = Task.Run(RunAsync);
        }
    }

    /// <summary>Ends what is under way; later requests do nothing.</summary>
    public async Task StopAsync()
    {
        lock (_lock)
        {
            if (_isStopped)
                return;

            _isStopped = true;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await rollout.StopAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    // A provider that is disposed synchronously has no other way.
    public void Dispose() => Task.Run(StopAsync).GetAwaiter().GetResult();

    private async Task RunAsync()
    {
        while (true)
        {
            lock (_lock)
            {
                _isRunning = _isRequested && !_isStopped;
                if (!_isRunning)
                    return;

                _isRequested = false;
            }

            try
            {
                await ReloadAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                if (!_isStopped)
                    logger.ReloadFailed(exception);
            }
        }
    }

    private async Task ReloadAsync()
    {
        CatalogConfig wanted;
        string fingerprint;
        try
        {
            var read = reader.Read();
            TellOfDefaults(read);
            fingerprint = ConfigurationFingerprint.Of(read);
            if (fingerprint == _fingerprint)
            {
                _state = _state with { Problems = null };
                return;
            }

            wanted = await reader.BuildAsync(read, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            Reject(exception);
            return;
        }

        await rollout.ApplyAsync(wanted).ConfigureAwait(false);
        _fingerprint = fingerprint;
        unusedFilters.Tell(wanted);
        _state = new ReloadState(time.GetUtcNow(), null);
        logger.Reloaded();
    }

    private void Reject(Exception exception)
    {
        var problems = exception is OptionsValidationException invalid ? invalid.Failures.ToArray() : [exception.Message];
        if (_state.Problems is { } known && known.SequenceEqual(problems))
            return;

        _state = _state with { Problems = problems };
        logger.ReloadRejected(string.Concat(problems.Select(x => $"{Environment.NewLine}- {x}")));
    }

    private void TellOfDefaults(DuctapeOptions read)
    {
        if (read.DefaultsDiffer && !_toldOfDefaults)
            logger.DefaultsKept();
        _toldOfDefaults = read.DefaultsDiffer;
    }
}
