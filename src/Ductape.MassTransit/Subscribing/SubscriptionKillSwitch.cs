using Ductape.MassTransit.Configuration.Catalog;
using Ductape.MassTransit.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Counts the messages of a subscription that succeed and fail, and holds the subscription when too many fail.
/// MassTransit's own kill switch would start an endpoint that was meanwhile stopped or paused, and could not be seen in
/// the health.
/// </summary>
internal sealed class SubscriptionKillSwitch(KillSwitchConfig config, Subscription subscription, TimeProvider time, ILogger logger)
{
    private readonly Lock _lock = new();
    private long _periodBegan = time.GetTimestamp();
    private int _messages;
    private int _failures;
    private bool _isTrial;
    private bool _isStopped;
    private ITimer? _restart;
    private volatile KillSwitchTrip? _trip;

    /// <summary>What tripped it, while it is tripped.</summary>
    public KillSwitchTrip? Trip => _trip;

    /// <summary>A callback has succeeded, or failed with its last retry.</summary>
    public void Handled(Exception? failure)
    {
        KillSwitchTrip trip;
        lock (_lock)
        {
            // What was in flight when it tripped does not count again.
            if (_trip is not null || _isStopped)
                return;

            if (!_isTrial && time.GetElapsedTime(_periodBegan) >= config.TrackingPeriod)
                Begin(isTrial: false);
            _messages++;
            if (failure is null)
            {
                if (_isTrial && _messages > config.ActivationThreshold)
                    Begin(isTrial: false);
                return;
            }

            _failures++;
            if (!_isTrial && (_messages <= config.ActivationThreshold || (double)_failures / _messages < config.TripThreshold))
                return;

            _trip = trip = new KillSwitchTrip(_failures, _messages, time.GetUtcNow() + config.RestartTimeout);
            _restart = time.CreateTimer(static x => ((SubscriptionKillSwitch)x!).Restart(), this, config.RestartTimeout, Timeout.InfiniteTimeSpan);
            // Not awaited: it waits for the callbacks in flight, and this message is one of them.
            _ = subscription.TripAsync(true);
        }

        logger.KillSwitchTripped(subscription.ProductTag, subscription.Event, subscription.Env, trip.Failures, trip.Messages, subscription.Queue,
            trip.RestartAt, failure);
    }

    /// <summary>Forgets what was counted, and that it tripped.</summary>
    public void Reset()
    {
        lock (_lock)
            End(isTrial: false);
    }

    /// <summary>The subscription stops: nothing is counted any more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            End(isTrial: false);
        }
    }

    private void Restart()
    {
        lock (_lock)
        {
            // Reset in the same moment.
            if (_trip is null)
                return;

            End(isTrial: true);
        }

        logger.KillSwitchRestarts(subscription.ProductTag, subscription.Event, subscription.Env, subscription.Queue);
    }

    private void End(bool isTrial)
    {
        _restart?.Dispose();
        _restart = null;
        _trip = null;
        Begin(isTrial);
        _ = subscription.TripAsync(false);
    }

    private void Begin(bool isTrial)
    {
        (_messages, _failures, _isTrial) = (0, 0, isTrial);
        _periodBegan = time.GetTimestamp();
    }
}

/// <summary>Why a kill switch holds a subscription.</summary>
/// <param name="Failures">How many messages failed.</param>
/// <param name="Messages">Of how many.</param>
/// <param name="RestartAt">When it tries again.</param>
internal sealed record KillSwitchTrip(int Failures, int Messages, DateTimeOffset RestartAt);
