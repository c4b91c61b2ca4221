using Ductape.MassTransit.Connections;
using Ductape.MassTransit.Reloading;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Subscribing;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Hosting;

/// <summary>
/// Starts the class-based subscribers, and stops everything: first the subscriptions, so that callbacks in flight can
/// still publish, and the connections only after every other hosted service has stopped.
/// </summary>
internal sealed class DuctapeHostedService(
    StartChecks checks, ClassSubscribers subscribers, ConnectionRegistry connections, CatalogReload reload, HarnessStart harness) : IHostedLifecycleService
{
    // The application's own bus counts as connected although its broker may be down, and a connection may be lost at
    // this moment.
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        harness.Begin();
        try
        {
            await StartOnceAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            harness.Failed(exception);
            throw;
        }
    }

    private async Task StartOnceAsync(CancellationToken cancellationToken)
    {
        await checks.RunAsync(cancellationToken).ConfigureAwait(false);
        var started = await subscribers.StartAsync(cancellationToken).ConfigureAwait(false);

        // With a broker that answers, subscribers are there when the host has started; one that does not holds nothing
        // up.
        foreach (var subscription in started)
        {
            var connection = subscription.Slot.Connection;
            await connection.FirstAttempt.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (connection.State.Status == ConnectionStatus.Connected)
            {
                try
                {
                    await subscription.Ready.WaitAsync(ReadyLimit, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    // It begins by itself; the health check tells until then.
                }
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await reload.StopAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connections.StopSubscriptionsAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => connections.StopAsync(cancellationToken);

    // Another hosted service may publish before this one's turn.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        harness.Begin();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
