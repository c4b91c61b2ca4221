using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Subscribing;

/// <summary>
/// The subscriptions of the registered <see cref="ISubscriber{T}"/> classes. When a reload removes an event theirs
/// ends, and begins again when another brings the event back.
/// </summary>
internal sealed class ClassSubscribers(
    IEnumerable<SubscriberRegistration> registrations, SubscriptionStarter subscriptions, IServiceScopeFactory scopes)
{
    private readonly ConcurrentDictionary<SubscriberRegistration, Subscription> _running = new();

    public async Task<IReadOnlyCollection<Subscription>> StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registrations)
            _running[registration] = await subscriptions.BeginAsync(registration.ToInput(scopes), cancellationToken).ConfigureAwait(false);
        return [.. _running.Values];
    }

    /// <summary>Starts those again that have ended and whose event is there.</summary>
    public async Task StartMissingAsync(CancellationToken cancellationToken)
    {
        foreach (var (registration, _) in _running.Where(x => x.Value.IsStopping))
        {
            try
            {
                _running[registration] = await subscriptions.BeginAsync(registration.ToInput(scopes), cancellationToken).ConfigureAwait(false);
            }
            catch (DuctapeException)
            {
                // Not there, or its last subscription is still ending: it is looked for again after that, and after the
                // next reload.
            }
        }
    }
}
