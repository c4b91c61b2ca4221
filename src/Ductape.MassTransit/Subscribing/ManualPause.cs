using Ductape.MassTransit.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>Pauses and resumes a subscription, and tells the operator log who asked for it. Thread-safe.</summary>
internal sealed class ManualPause(Subscription subscription, SubscriptionHolds holds, OperatorTrail trail, ILogger logger, TimeProvider time)
{
    /// <exception cref="ObjectDisposedException">The subscription was stopped.</exception>
    public async Task PauseAsync(string? who, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        subscription.ThrowIfStopped();
        await trail.RunAsync(AskedFor(OperatorActionKind.Pause, who), () => PauseNowAsync(cancellationToken)).ConfigureAwait(false);
    }

    /// <exception cref="ObjectDisposedException">The subscription was stopped.</exception>
    public async Task ResumeAsync(string? who, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        subscription.ThrowIfStopped();
        await trail.RunAsync(AskedFor(OperatorActionKind.Resume, who), () => ResumeNowAsync(cancellationToken)).ConfigureAwait(false);
    }

    private async Task PauseNowAsync(CancellationToken cancellationToken)
    {
        var wasPaused = subscription.IsPaused;
        try
        {
            await holds.HoldAsync(HoldReasons.Paused).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Stopped, or resumed again, before it was paused.
            subscription.ThrowIfStopped();
            return;
        }

        if (!wasPaused)
            logger.Paused(subscription.ProductTag, subscription.Event, subscription.Env, subscription.Queue);
    }

    private async Task ResumeNowAsync(CancellationToken cancellationToken)
    {
        var wasPaused = subscription.IsPaused;
        subscription.KillSwitch?.Reset();
        try
        {
            await holds.ReleaseAsync(HoldReasons.Paused).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Paused again, or stopped, before it began.
            subscription.ThrowIfStopped();
            return;
        }

        if (wasPaused)
            logger.Resumed(subscription.ProductTag, subscription.Event, subscription.Env, subscription.Queue);
    }

    private OperatorAction AskedFor(OperatorActionKind action, string? who) => new()
    {
        Action = action,
        Target = subscription.Queue,
        ProductTag = subscription.ProductTag,
        Env = subscription.Env,
        Event = subscription.Event,
        Details = new Dictionary<string, object?> { ["subscription_id"] = subscription.Id },
        Who = who,
        At = time.GetUtcNow(),
    };
}
