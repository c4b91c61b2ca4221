using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Subscribing;

/// <summary>A message that waits for its next attempt when its subscription ends, where the endpoint runs on.</summary>
public class WaitingRetryTests
{
    [Fact]
    public async Task The_next_subscription_gets_it_at_once()
    {
        var time = new HeldTimers(TimeSpan.FromMinutes(10));
        await using var services = TestProvider.Build(
            With((Topic, """{ "Retry": { "Count": 3, "InitialDelay": "00:10:00", "MaxDelay": "00:10:00" } }""")),
            x => x.Services.AddSingleton<TimeProvider>(time));
        var first = await services.Broker().SubscribeAsync(Event, _ => throw new InvalidOperationException("Not yet."));
        await services.Broker().PublishAsync(Event, 1);
        await Eventually.TrueAsync(() => time.Count == 1);

        await first.StopAsync().WaitAsync(PublishAndReceive.Deadline);
        var inbox = new Inbox();
        await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        // Nothing has ended the wait of ten minutes but the stop.
        await inbox.HasAsync(1);
        Assert.Equal(2, inbox.Letters[0].Attempt);
    }
}
