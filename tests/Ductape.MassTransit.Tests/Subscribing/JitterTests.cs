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
            """{ "Count": 6, "InitialDelay": "00:00:00.200", "Multiplier": 1, "MaxDelay": "00:00:00.200", "Jitter": true }""")));
        var times = new ConcurrentQueue<long>();
        await using var subscription = await services.Broker().SubscribeAsync(Event, _ =>
        {
            times.Enqueue(Stopwatch.GetTimestamp());
            throw new InvalidOperationException("Never.");
        });

        // A busy machine only lengthens a wait: sooner or later one is well below the whole, which without jitter none
        // ever is.
        await Eventually.TrueAsync(async () =>
        {
            times.Clear();
            await services.Broker().PublishAsync(Event, 1);
            await Eventually.TrueAsync(() => times.Count == 7);
            var waits = times.Zip(times.Skip(1), Stopwatch.GetElapsedTime).ToArray();
            Assert.All(waits, x => Assert.True(x > TimeSpan.FromMilliseconds(90), $"A wait of {x} is too short."));
            return waits.Min() < TimeSpan.FromMilliseconds(190);
        }, text: "a wait is shorter than the delay");
    }
}
