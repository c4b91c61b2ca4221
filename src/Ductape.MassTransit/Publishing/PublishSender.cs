using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit.Publishing;

/// <summary>
/// Brings one publish to its broker: waits for the connection and for the confirmation, and sends once more, under the
/// same ids, what a lost connection took along; all of it within <see cref="DuctapeOptions.PublishTimeout"/>.
/// </summary>
internal sealed class PublishSender(CurrentCatalog catalog, TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    private DuctapeOptions Options => catalog.Options;

    /// <param name="publish">Where to, what, its ids and headers.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<PublishResult> SendAsync(OutgoingPublish publish, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var began = time.GetTimestamp();
        var route = publish.Route;
        var connection = Enter(route, began);

        Task? publishing = null;
        var attempts = 0;
        var suspicions = 0;
        try
        {
            while (true)
            {
                TransportBus bus;
                try
                {
                    var connecting = connection.GetBusAsync(cancellationToken);
                    bus = connecting.IsCompletedSuccessfully
                        ? connecting.Result
                        : await WaitForAsync(connecting.AsTask(), route, began, attempts, cancellationToken).ConfigureAwait(false);
                }
                catch (ObjectDisposedException) when (connection.IsRetired)
                {
                    // A reload has put another one in its place.
                    route = catalog.Resolve(route.ProductTag, route.Env, route.Event);
                    var next = Enter(route, time.GetTimestamp());
                    connection.Publishes.Exit();
                    connection = next;
                    publish.Route = route;
                    continue;
                }

                var can = bus.Capabilities;
                if (can.Blockable?.Blocked is { } alarm && (Options.WhenUnavailable == WhenUnavailable.Fail || connection.HasGivenUp))
                    throw PublishErrors.Blocked(route, alarm, attempts > 0);
                var declaring = connection.Topics.PrepareAsync(bus, route, cancellationToken);
                if (!declaring.IsCompletedSuccessfully)
                    await DeclareAsync(declaring.AsTask(), route, began, attempts, cancellationToken).ConfigureAwait(false);
                publish.Bus = can.SendConfiguring;
                if (route.FailUnroutable && can.BindingLookup is { } lookup
                    && !await MayHaveQueueAsync(lookup, route, began, attempts, cancellationToken).ConfigureAwait(false))
                    throw PublishErrors.Unroutable(route, null);

                try
                {
                    // MassTransit gets the caller's token alone: one that can be cancelled costs it registrations at
                    // every step (950 bytes on RabbitMQ), and it does not look at it everywhere. The time is kept here.
                    var endpoint = publish.Scope is { Endpoint: { } own } && connection.TransportType == BrokerTypes.Host ? own : bus.PublishEndpoint;
                    publishing = can.ExistingQueues?.SendAddress(route.Topology) is { } address
                        ? route.Contract.SendAsync(bus.Bus, address, publish, cancellationToken)
                        : route.Contract.PublishAsync(endpoint, publish, cancellationToken);
                    if (publishing.IsCompleted)
                        await publishing.ConfigureAwait(false);
                    else if (Options.WhenUnavailable == WhenUnavailable.Fail)
                        await WaitOrFailAsync(publishing, can.Blockable, route, began, cancellationToken).ConfigureAwait(false);
                    else
                        await publishing.WaitAsync(TimeLeft(began), time, cancellationToken).ConfigureAwait(false);
                    connection.Publishes.Confirmed();
                    return publish.Sent(time);
                }
                catch (TimeoutException exception) when (publishing is { IsCompleted: false })
                {
                    throw PublishErrors.NotConfirmed(route, $"within {Options.PublishTimeout}", exception);
                }
                catch (Exception exception) when (can.PublishFaults?.FindPublishFault(exception) is { } fault and not PublishFault.Unknown)
                {
                    ThrowIfFinal(fault, route, exception, ref suspicions);
                    if (cancellationToken.IsCancellationRequested)
                        throw;

                    publishing = null;
                    // The loss may not have been noticed yet, and a channel can be closed again and again.
                    var delay = DelayAfter(attempts++);
                    if (delay >= TimeLeft(began) || FailsAtOnce(connection) || connection.HasGivenUp)
                        throw PublishErrors.NotConfirmed(route, "before the connection was lost", exception);
                    await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (DuctapeException exception)
        {
            throw exception.During(route.Event, route.Env, route.ProductTag);
        }
        catch (Exception exception)
        {
            throw PublishErrors.NotTaken(route, exception);
        }
        finally
        {
            if (publishing is null or { IsCompleted: true })
                connection.Publishes.Exit();
            else
                publish.Abandon(publishing, connection.Publishes);
        }
    }

    private Connection Enter(Route route, long now)
    {
        var connection = route.Connection;
        return connection.Publishes.TryEnter(Options.MaxWaitingPublishes, connection.IsConnected, now)
            ? connection
            : throw PublishErrors.TooMany(route, Options.MaxWaitingPublishes);
    }

    private async Task<TransportBus> WaitForAsync(
        Task<TransportBus> connecting, Route route, long began, int attempts, CancellationToken cancellationToken)
    {
        try
        {
            if (Options.WhenUnavailable == WhenUnavailable.Fail)
            {
                await route.Connection.FirstAttempt.WaitAsync(TimeLeft(began), time, cancellationToken).ConfigureAwait(false);
                if (FailsAtOnce(route.Connection))
                    throw PublishErrors.OutOfReach(route, "is out of reach, and WhenUnavailable is 'fail'", attempts > 0, null);
            }

            return await connecting.WaitAsync(TimeLeft(began), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw PublishErrors.OutOfReach(route, $"did not answer within {Options.PublishTimeout}", attempts > 0, exception);
        }
    }

    private async Task WaitOrFailAsync(Task publishing, IBlockableBus? blockable, Route route, long began, CancellationToken cancellationToken)
    {
        if (blockable is not null)
        {
            await Task.WhenAny(publishing, blockable.WhenBlocked).WaitAsync(TimeLeft(began), time, cancellationToken).ConfigureAwait(false);
            if (!publishing.IsCompleted && blockable.Blocked is { } alarm)
                throw PublishErrors.Blocked(route, alarm, wasSent: true);
        }

        await publishing.WaitAsync(TimeLeft(began), time, cancellationToken).ConfigureAwait(false);
    }

    private async Task DeclareAsync(Task declaring, Route route, long began, int attempts, CancellationToken cancellationToken)
    {
        try
        {
            await declaring.WaitAsync(TimeLeft(began), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw PublishErrors.OutOfReach(route, $"did not answer within {Options.PublishTimeout}", attempts > 0, exception);
        }
    }

    private async ValueTask<bool> MayHaveQueueAsync(
        IBindingLookupBus lookup, Route route, long began, int attempts, CancellationToken cancellationToken)
    {
        var asking = lookup.MayHaveQueueAsync(route.Topology, cancellationToken);
        if (asking.IsCompletedSuccessfully)
            return asking.Result;

        try
        {
            return await asking.AsTask().WaitAsync(TimeLeft(began), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw PublishErrors.OutOfReach(route, $"did not answer within {Options.PublishTimeout}", attempts > 0, exception);
        }
    }

    private bool FailsAtOnce(Connection connection) =>
        Options.WhenUnavailable == WhenUnavailable.Fail && connection.State.Status == ConnectionStatus.Disconnected;

    // What sending once more does not help against.
    private static void ThrowIfFinal(PublishFault fault, Route route, Exception exception, ref int suspicions)
    {
        switch (fault)
        {
            case PublishFault.Message:
            // One that was under way both times is taken for the one.
            case PublishFault.Suspected when suspicions++ > 0:
                throw PublishErrors.Faulty(route, exception);
            case PublishFault.Unroutable:
                throw PublishErrors.Unroutable(route, exception);
            case PublishFault.Refused:
                throw PublishErrors.Refused(route, exception);
            default:
                return;
        }
    }

    private static TimeSpan DelayAfter(int attempts) =>
        attempts < 6 ? FirstDelay * (1 << attempts) : LongestDelay;

    private TimeSpan TimeLeft(long began)
    {
        var left = Options.PublishTimeout - time.GetElapsedTime(began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
