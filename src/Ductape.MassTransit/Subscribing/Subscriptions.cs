using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Diagnostics;

namespace Ductape.MassTransit.Subscribing;

internal sealed class Subscriptions(ConnectionRegistry connections, SubscriptionSlots slots) : ISubscriptions
{
    public IReadOnlyList<SubscriptionDescription> List() =>
    [
        .. Running().Select(x => x.Describe()).OrderBy(x => x.Event, StringComparer.Ordinal).ThenBy(x => x.Env, StringComparer.Ordinal)
            .ThenBy(x => x.ProductTag, StringComparer.Ordinal).ThenBy(x => x.Queue, StringComparer.Ordinal),
    ];

    public Task PauseAsync(string id, string? who, CancellationToken cancellationToken) => SteerAsync(id, x => x.PauseAsync(who, cancellationToken));

    public Task ResumeAsync(string id, string? who, CancellationToken cancellationToken) => SteerAsync(id, x => x.ResumeAsync(who, cancellationToken));

    // One that moves to another queue is on two of them for a while.
    private IEnumerable<Subscription> Running() =>
        connections.All.SelectMany(slots.Of).Select(x => x.Current).OfType<Subscription>().Distinct().Where(x => !x.IsStopping);

    private async Task SteerAsync(string id, Func<Subscription, Task> steer)
    {
        ArgumentNullException.ThrowIfNull(id);
        var subscription = Running().FirstOrDefault(x => x.Id == id) ?? throw NotFound(id);
        try
        {
            await steer(subscription).ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (subscription.IsStopping)
        {
            throw NotFound(id);
        }
    }

    private DuctapeException NotFound(string id)
    {
        var ids = Running().Select(x => x.Id).ToArray();
        return new DuctapeException(DuctapeErrorCodes.SubscriptionNotFound,
            $"this process has no subscription with the id '{id}', or it was stopped."
            + (ids.Length == 0 ? " There is none at the moment." : NearMiss.HintOrList(id, ids, "There are")));
    }
}
