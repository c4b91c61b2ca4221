using System.Collections.Immutable;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <param name="Delays">The waits before each retry in the process.</param>
/// <param name="Jitter">Whether they are drawn at random.</param>
/// <param name="Exceptions">Which exceptions are worth another attempt.</param>
/// <param name="Redelivery">The waits in the broker before each redelivery.</param>
internal sealed record RetryConfig(
    ImmutableArray<TimeSpan> Delays, bool Jitter, RetriedExceptions Exceptions, ImmutableArray<TimeSpan> Redelivery)
{
    public static RetryConfig Of(TopicOptions topic) => new(
        DelaysOf(topic.Retry), topic.Retry.Jitter, new RetriedExceptions([.. topic.Retry.Ignore], [.. topic.Retry.Handle]), [.. topic.Redelivery]);

    private static ImmutableArray<TimeSpan> DelaysOf(RetryOptions retry)
    {
        var delays = ImmutableArray.CreateBuilder<TimeSpan>(retry.Count);
        var delay = retry.InitialDelay;
        for (var i = 0; i < retry.Count; i++)
        {
            delays.Add(delay < retry.MaxDelay ? delay : retry.MaxDelay);
            // Once past the longest, growing on would only overflow.
            if (delay < retry.MaxDelay)
                delay *= retry.Multiplier;
        }

        return delays.MoveToImmutable();
    }
}
