using Ductape.MassTransit.Filters;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Sessions;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// The way of a delivery from its subscription to the callback: <see cref="Compose"/> has the steps in their order,
/// once for each route. Redelivery and the messages that were handled before belong to the queue, and come first
/// (<see cref="DeliveryDispatcher"/>).
/// </summary>
internal sealed class DeliveryPipeline(ReceivedSessionVerifier sessions, FilterChain<IDeliveryFilter> filters)
{
    // From the last to the first.
    public Func<ReceivedMessage, Task> Compose(Route route, Func<ReceivedMessage, Task> callback)
    {
        var way = callback;
        if (filters.Of(route.Event).Length > 0)
            way = RunFilters(route, way);
        return sessions.Guard(route, way);
    }

    private Func<ReceivedMessage, Task> RunFilters(Route route, Func<ReceivedMessage, Task> callback) => async message =>
    {
        await using var scope = filters.BeginScope(route.Event);
        message.Services = scope?.Services;
        var resolved = filters.Resolve(route.Event, scope?.Services);
        await RunAsync(0, message).ConfigureAwait(false);

        async Task RunAsync(int index, ReceivedMessage handed)
        {
            if (index == resolved.Length)
            {
                await callback(handed).ConfigureAwait(false);
                return;
            }

            var filter = resolved[index];
            var running = filter.DeliverAsync(handed, x => RunAsync(
                index + 1, x ?? throw new InvalidOperationException($"The delivery filter {filter.GetType()} handed on null: give 'next' a message.")));
            await (running ?? throw new InvalidOperationException($"The delivery filter {filter.GetType()} returned null: return what 'next' returns.")).ConfigureAwait(false);
        }
    };
}
