using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// Where the messages of an endpoint wait for their next attempt in this process, for as long as it runs: a stop ends
/// the waits, and the messages return to the queue. Thread-safe.
/// </summary>
/// <param name="route">Where they come from, for the log.</param>
/// <param name="queue">The queue.</param>
/// <param name="holdsInside">Whether the endpoint runs on while they cannot be delivered.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class RetryWaits(Route route, string queue, bool holdsInside, TimeProvider time, ILogger logger)
{
    private static readonly Round Over = new(isOver: true);

    private volatile Round _round = new();

    /// <summary>The endpoint is about to start, or delivers to a subscription again.</summary>
    public void Begin()
    {
        if (_round.Ended.IsCancellationRequested)
            _round = new Round();
    }

    /// <summary>
    /// The endpoint is about to stop: what waits, and what still comes to wait, returns to the queue.
    /// </summary>
    public void GiveBack()
    {
        var round = _round;
        round.GivesBack = true;
        round.End();
    }

    /// <summary>
    /// What waits, and what still comes to wait, goes on to its next attempt at once: the endpoint runs on, and holds
    /// it for the next subscription.
    /// </summary>
    public void Wake() => _round.End();

    /// <summary>
    /// An attempt has failed, and its wait comes soon: it is one of those of now, whoever has the queue by then.
    /// </summary>
    /// <param name="context">The message.</param>
    /// <param name="isOver">Whether its subscription stops, and another one may already have taken the queue.</param>
    public void Failed(ConsumeContext context, bool isOver)
    {
        var round = isOver ? Over : _round;
        context.ReceiveContext.AddOrUpdatePayload(() => round, _ => round);
    }

    /// <summary>Waits before an attempt.</summary>
    /// <exception cref="OperationCanceledException">
    /// The message can no longer be acknowledged here, and is delivered again.
    /// </exception>
    public async Task WaitAsync(ConsumeContext context, TimeSpan delay)
    {
        var round = context.ReceiveContext.TryGetPayload(out Round? failedIn) ? failedIn : _round;
        if (delay > TimeSpan.Zero && !round.Ended.IsCancellationRequested)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, round.Ended);
            await Task.Delay(delay, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (round.GivesBack && !context.CancellationToken.IsCancellationRequested)
        {
            // Not given back at once, which would hand it to the consumer that is about to go: it returns when the
            // channel is closed.
            ((BaseReceiveContext)context.ReceiveContext).Cancel();
            if (holdsInside)
                logger.RetryLost(MessageIds.Of(context), route.Event, route.Env, queue);
            else
                logger.RetryGivenBack(MessageIds.Of(context), route.Event, route.Env, queue);
        }

        context.CancellationToken.ThrowIfCancellationRequested();
    }

    private sealed class Round
    {
        private readonly CancellationTokenSource _ended = new();

        private volatile bool _givesBack;

        public Round(bool isOver = false)
        {
            if (isOver)
                _ended.Cancel();
        }

        public CancellationToken Ended => _ended.Token;

        public bool GivesBack
        {
            get => _givesBack;
            set => _givesBack = value;
        }

        // Not on the caller's thread: what waits would go on inside it.
        public void End() => _ = _ended.CancelAsync();
    }
}
