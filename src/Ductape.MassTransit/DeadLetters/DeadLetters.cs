using System.Globalization;
using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Topics;
using Ductape.MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.DeadLetters;

internal sealed class DeadLetters(
    CurrentCatalog catalog, CallRoutes routes, OperatorTrail trail, TimeProvider time, ILogger<DeadLetters> logger) : IDeadLetters
{
    private const int LongestPeek = 1000;

    public Task<long> CountAsync(string @event, string? subscription, string? product, string? env, CancellationToken cancellationToken)
    {
        var route = Resolve(@event, subscription, product, env);
        return AskAsync(route, subscription, queue => queue.CountAsync(cancellationToken), cancellationToken);
    }

    public Task<IReadOnlyList<DeadLetter>> PeekAsync(
        string @event, int limit, string? subscription, string? product, string? env, CancellationToken cancellationToken)
    {
        var route = Resolve(@event, subscription, product, env);
        if (limit is < 1 or > LongestPeek)
            throw route.Error(DuctapeErrorCodes.InvalidInput, $"'limit' is {limit}; it must be from 1 to {LongestPeek}.");

        return AskAsync<IReadOnlyList<DeadLetter>>(route, subscription, async queue =>
        {
            var letters = new List<DeadLetter>();
            await queue.BrowseAsync(message =>
            {
                letters.Add(new DeadLetter(message));
                return letters.Count < limit;
            }, cancellationToken).ConfigureAwait(false);
            return letters;
        }, cancellationToken);
    }

    public async Task<ReplayResult> ReplayAsync(string @event, DeadLetterSelection? select, double? rate, bool dryRun, string? subscription,
        string? product, string? env, string? who, CancellationToken cancellationToken)
    {
        var route = Resolve(@event, subscription, product, env);
        if (rate is not null && !(rate >= ReplayPace.Slowest && rate <= ReplayPace.Fastest))
        {
            throw route.Error(DuctapeErrorCodes.InvalidInput, string.Create(CultureInfo.InvariantCulture,
                $"'rate' is {rate}; it is in messages per second and must be from {ReplayPace.Slowest} to {ReplayPace.Fastest}."));
        }

        var pace = rate is null || dryRun ? null : new ReplayPace(rate.Value, time);
        var selector = new DeadLetterSelector(select ?? DeadLetterSelection.All, route);
        var (matched, moved, there) = await MoveAsync(AskedFor(OperatorActionKind.Replay, route, subscription, who), selector, route, subscription, dryRun,
            async message =>
            {
                if (pace is not null)
                    await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
                return new DeadLetterDecision(DeadLetterAction.Replay, FailureHeaders.ForReplay(message));
            }, cancellationToken).ConfigureAwait(false);
        logger.Replayed(moved, matched, route.ProductTag, route.Event, route.Env, route.QueueOf(subscription), there - moved, dryRun);
        return new ReplayResult(matched, moved, there - moved, dryRun);
    }

    public async Task<DiscardResult> DiscardAsync(string @event, DeadLetterSelection select, bool dryRun, string? subscription, string? product,
        string? env, string? who, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(select);
        var route = Resolve(@event, subscription, product, env);
        var (matched, moved, there) = await MoveAsync(AskedFor(OperatorActionKind.Discard, route, subscription, who), new DeadLetterSelector(select, route), route,
            subscription, dryRun, _ => ValueTask.FromResult(new DeadLetterDecision(DeadLetterAction.Discard)), cancellationToken).ConfigureAwait(false);
        logger.Discarded(moved, matched, route.ProductTag, route.Event, route.Env, route.QueueOf(subscription), there - moved, dryRun);
        return new DiscardResult(matched, moved, there - moved, dryRun);
    }

    private OperatorAction AskedFor(OperatorActionKind action, Route route, string? subscription, string? who) => new()
    {
        Action = action,
        Target = route.QueueOf(subscription),
        ProductTag = route.ProductTag,
        Env = route.Env,
        Event = route.Event,
        Who = who,
        At = time.GetUtcNow(),
    };

    private Task<(long Matched, long Moved, long There)> MoveAsync(OperatorAction asked, DeadLetterSelector selector, Route route, string? subscription,
        bool dryRun, Func<DeadLetterMessage, ValueTask<DeadLetterDecision>> move, CancellationToken cancellationToken)
    {
        Task<(long Matched, long Moved, long There)> MoveAsync() => AskAsync(route, subscription, async queue =>
        {
            var there = await queue.ScanAsync(async message =>
            {
                if (selector.IsDone)
                    return new DeadLetterDecision(DeadLetterAction.Stop);

                return selector.Matches(message) && !dryRun
                    ? await move(message).ConfigureAwait(false)
                    : new DeadLetterDecision(DeadLetterAction.Keep);
            }, cancellationToken).ConfigureAwait(false);
            return (selector.Matched, dryRun ? 0 : selector.Matched, there);
        }, cancellationToken);

        var moved = asked.Action == OperatorActionKind.Replay ? "replayed" : "discarded";
        return dryRun ? MoveAsync() : trail.RunAsync(asked, MoveAsync, x => new Dictionary<string, object?>
        {
            ["matched"] = x.Matched,
            [moved] = x.Moved,
            ["left"] = x.There - x.Moved,
        });
    }

    private Route Resolve(string @event, string? subscription, string? product, string? env)
    {
        var route = routes.Of(product, env, @event);
        return subscription is not null && EventName.TagProblem(subscription) is { } problem
            ? throw route.Error(DuctapeErrorCodes.InvalidInput, $"'subscription' '{subscription}' {problem}.")
            : route;
    }

    private async Task<T> AskAsync<T>(
        Route route, string? subscription, Func<IDeadLetterQueue, Task<T>> ask, CancellationToken cancellationToken)
    {
        var name = route.QueueOf(subscription);
        var connection = route.Connection;
        var bus = await ConnectAsync(route, cancellationToken).ConfigureAwait(false);
        try
        {
            var queue = bus.Capabilities.DeadLetterQueues?.GetDeadLetterQueue(name, route.Settings) ?? throw OutOfSight(route, name);
            return await ask(queue).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not DuctapeException
            && (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            throw route.Error(DuctapeErrorCodes.DeadLettersFailed,
                $"{connection.Description} did not go on with the dead letters of {name}: {connection.Mask.Hide(exception).Reason()}. What was not confirmed is still there; call again.",
                exception);
        }
    }

    private static DuctapeException OutOfSight(Route route, string queue) => route.Error(DuctapeErrorCodes.BrokerTypeNotSupported,
        $"dead letters cannot be looked at on {route.Connection.Description}, "
        + (route.Connection.TransportType == BrokerTypes.Host
            ? $"whose queues belong to the application: read '{queue}_error' with a receive endpoint of that bus, or with the broker's own tools."
            : $"whose transport gives no access to them: read '{queue}_error' with the broker's own tools."));

    private async Task<TransportBus> ConnectAsync(Route route, CancellationToken cancellationToken)
    {
        var connection = route.Connection;
        try
        {
            return await connection.GetReceiverAsync(cancellationToken)
                .WaitAsync(catalog.Options.PublishTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            var state = connection.State;
            throw route.Error(DuctapeErrorCodes.DeadLettersFailed,
                $"{connection.Description} did not answer within {catalog.Options.PublishTimeout}{(state.Error is { } error ? $": {error.Message}" : "")}. "
                + "Nothing was moved. Check that the broker runs and that its address and credentials in the configuration are right.",
                state.Error ?? exception);
        }
        catch (ObjectDisposedException exception)
        {
            throw route.Error(DuctapeErrorCodes.DeadLettersFailed, $"{exception.Reason()}. Nothing was moved.", exception);
        }
        catch (DuctapeException exception)
        {
            throw exception.During(route.Event, route.Env, route.ProductTag);
        }
    }
}
