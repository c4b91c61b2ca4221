using System.Collections.Concurrent;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

namespace Ductape.MassTransit;

/// <summary>
/// Whether SNS topics have subscriptions. What was found is believed for a while; that there is none is asked again
/// each time, so that the first subscriber is noticed at once.
/// </summary>
internal sealed class AmazonSqsSubscriptions
{
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _found = new(StringComparer.Ordinal);

    /// <summary>Whether a topic is known to have one.</summary>
    public bool HasAny(string topic) => _found.TryGetValue(topic, out var at) && TimeProvider.System.GetElapsedTime(at) < Believed;

    /// <summary>Asks SNS whether a topic has one.</summary>
    public async Task<bool> FindAnyAsync(IAmazonSimpleNotificationService sns, string topic, string topicArn, CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var page = await sns.ListSubscriptionsByTopicAsync(
                new ListSubscriptionsByTopicRequest { TopicArn = topicArn, NextToken = next }, cancellationToken).ConfigureAwait(false);
            if (page.Subscriptions is { Count: > 0 })
            {
                _found[topic] = TimeProvider.System.GetTimestamp();
                return true;
            }

            next = page.NextToken;
        }
        while (!string.IsNullOrEmpty(next));

        _found.TryRemove(topic, out _);
        return false;
    }
}
