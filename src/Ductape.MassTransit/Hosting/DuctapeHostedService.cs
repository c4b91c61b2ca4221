using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit;

/// <summary>
/// Starts the class-based subscribers, and stops everything: first the subscriptions, so that callbacks in flight can still
/// publish, and the connections only after every other hosted service has stopped.
/// </summary>
internal sealed class DuctapeHostedService(
    IEnumerable<SubscriberRegistration> registrations,
    SubscriptionStarter subscriptions,
    ConnectionRegistry connections,
    RouteResolver routes,
    IServiceScopeFactory scopes) : IHostedLifecycleService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var started = new List<Subscription>();
        foreach (var registration in registrations)
            started.Add(await subscriptions.BeginAsync(registration.ToInput(scopes), cancellationToken).ConfigureAwait(false));

        // With a broker that answers, subscribers are there when the host has started; one that does not holds nothing up.
        foreach (var subscription in started)
        {
            var connection = routes.Resolve(subscription.ProductTag, subscription.Env, subscription.Event).Connection;
            await connection.FirstAttempt.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (connection.State.Status == ConnectionStatus.Connected)
                await subscription.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => connections.StopSubscriptionsAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => connections.StopAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
