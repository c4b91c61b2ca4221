using System.Collections.Concurrent;
using System.Diagnostics;
using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

public class JitterTests
{
    [Fact]
    public async Task With_jitter_the_waits_lie_between_half_of_the_delay_and_the_whole()
    {
        await using var services = TestProvider.Build(With(($"{Topic}:Retry",
            """{ "Count": 12, "InitialDelay": "00:00:00.200", "Multiplier": 1, "MaxDelay": "00:00:00.200", "Jitter": true }""")));
        var times = new ConcurrentQueue<long>();
        await using var subscription = await services.Broker().SubscribeAsync(Event, _ =>
        {
            times.Enqueue(Stopwatch.GetTimestamp());
            throw new InvalidOperationException("Never.");
        });

        await services.Broker().PublishAsync(Event, 1);

        await Eventually.TrueAsync(() => times.Count == 13);
        var waits = times.Zip(times.Skip(1), Stopwatch.GetElapsedTime).ToArray();
        Assert.All(waits, x => Assert.True(x > TimeSpan.FromMilliseconds(90), $"A wait of {x} is too short."));
        // One of twelve is well below the whole; that all were drawn above is as likely as a thunderbolt.
        Assert.True(waits.Min() < TimeSpan.FromMilliseconds(190), $"The shortest wait was {waits.Min()}.");
    }
}
