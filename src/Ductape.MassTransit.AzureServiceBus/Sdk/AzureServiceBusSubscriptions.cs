using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus.Administration;

namespace Ductape.MassTransit;

/// <summary>
/// Whether topics have subscriptions. What was found is believed for a while; that there is none is asked again each
/// time, so that the first subscriber is noticed at once.
/// </summary>
internal sealed class AzureServiceBusSubscriptions(ServiceBusAdministrationClient administration)
{
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _found = new(StringComparer.Ordinal);

    public ValueTask<bool> HasAnyAsync(string topic, CancellationToken cancellationToken) =>
        _found.TryGetValue(topic, out var at) && TimeProvider.System.GetElapsedTime(at) < Believed
            ? ValueTask.FromResult(true)
            : new ValueTask<bool>(FindAnyAsync(topic, cancellationToken));

    private async Task<bool> FindAnyAsync(string topic, CancellationToken cancellationToken)
    {
        await foreach (var _ in administration.GetSubscriptionsAsync(topic, cancellationToken).ConfigureAwait(false))
        {
            _found[topic] = TimeProvider.System.GetTimestamp();
            return true;
        }

        _found.TryRemove(topic, out _);
        return false;
    }
}
