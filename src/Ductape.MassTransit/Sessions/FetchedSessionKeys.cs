using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.SessionKeys;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// Keys that an issuer publishes. Fetched at the first use, every five minutes while tokens are verified, and, at most
/// once a minute, when a token is signed with a key that is not among them. So a key that the issuer takes back is
/// worth nothing after ten minutes. While the issuer does not answer, the keys of the last time go on for a day.
/// </summary>
internal sealed class FetchedSessionKeys(SessionTypeConfig config, string address, TimeProvider time, ILogger logger) : ISessionKeys
{
    /// <summary>After this age they are fetched again, and the caller does not wait for it.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    /// <summary>From this age on the caller waits, as in a process that was idle for long.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestOutage = TimeSpan.FromHours(24);
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly SessionKeyDocuments _documents = new(config, address);
    private volatile Fetched? _fetched;
    private volatile bool _isAway;
    private Task<Exception?> _fetching = Task.FromResult<Exception?>(null);
    private DateTimeOffset _tried;

    public ValueTask<SessionKeySet> GetAsync(CancellationToken cancellationToken) =>
        _fetched is { } known && time.GetUtcNow() - known.At < Fresh
            ? new ValueTask<SessionKeySet>(known.Keys)
            : new ValueTask<SessionKeySet>(RenewAsync(cancellationToken));

    public async ValueTask<SessionKeySet> GetNewerAsync(SessionKeySet than, CancellationToken cancellationToken)
    {
        if (_fetched is { } known && known.Keys != than)
            return known.Keys;

        await FetchAsync(AtMostEvery).WaitAsync(cancellationToken).ConfigureAwait(false);
        return _fetched?.Keys ?? than;
    }

    private async Task<SessionKeySet> RenewAsync(CancellationToken cancellationToken)
    {
        var age = _fetched is { } known ? time.GetUtcNow() - known.At : TimeSpan.MaxValue;
        var fetching = FetchAsync(age < LongestOutage ? AtMostEvery : TimeSpan.Zero);
        // Who is known not to answer holds nobody up.
        var failure = age >= LongestOutage || (age >= Stale && !_isAway)
            ? await fetching.WaitAsync(cancellationToken).ConfigureAwait(false)
            : null;
        return _fetched is { } last && time.GetUtcNow() - last.At < LongestOutage
            ? last.Keys
            : throw (failure as SessionKeysException ?? new SessionKeysException(
                $"the keys of {config.Path}:{config.KeyKind} could not be fetched: check the address and that it answers.", failure));
    }

    // Everybody waits for the same one.
    private Task<Exception?> FetchAsync(TimeSpan unlessTriedWithin)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (!_fetching.IsCompleted || now - _tried < unlessTriedWithin)
                return _fetching;

            _tried = now;
            // Not with the caller's token: it is the others' too.
            return _fetching = Task.Run(() => FetchAsync(now));
        }
    }

    private async Task<Exception?> FetchAsync(DateTimeOffset began)
    {
        try
        {
            var keys = await _documents.FetchAsync().ConfigureAwait(false);
            // The same keys are the same set: what was verified with them stays verified.
            _fetched = new Fetched(_fetched is { } known && known.Keys.IsSame(keys) ? known.Keys : keys, began);
            _isAway = false;
            return null;
        }
        catch (Exception failure)
        {
            var exception = config.Secrets.Mask.Hide(failure);
            if (_fetched is { } known && !_isAway)
                logger.KeysNotFetched($"{config.Path}:{config.KeyKind}", known.At + LongestOutage, exception);
            _isAway = true;
            return exception;
        }
    }

    private sealed record Fetched(SessionKeySet Keys, DateTimeOffset At);
}
