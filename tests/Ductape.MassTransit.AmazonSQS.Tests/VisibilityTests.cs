using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.AmazonSQS.Tests;

/// <summary>For how long a message stays with whoever got it.</summary>
public sealed class VisibilityTests(AmazonSqsFixture fixture) : AmazonSqsTest(fixture)
{
    [Fact]
    public async Task A_callback_that_takes_longer_than_the_visibility_timeout_keeps_its_message()
    {
        void Config(System.Text.Json.Nodes.JsonObject config) => config["VisibilityTimeout"] = "00:00:02";
        ConformanceApp first = Start(config: Config), second = Start(config: Config);
        var (calls, entered, release, marker) = (0, new TaskCompletionSource(), new TaskCompletionSource(), new Inbox());
        async Task ReceiveAsync(ReceivedMessage message)
        {
            if (message.Json.GetInt32() > 1)
            {
                await marker.ReceiveAsync(message);
                return;
            }

            Interlocked.Increment(ref calls);
            entered.TrySetResult();
            await release.Task;
        }

        await using var one = await first.Broker.SubscribeAsync(Created, ReceiveAsync);
        await using var two = await second.Broker.SubscribeAsync(Created, ReceiveAsync);
        await first.Broker.PublishAsync(Created, 1);
        await entered.Task.WaitAsync(Eventually.Deadline);

        // Three of its timeouts, in which others arrive.
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(async () =>
        {
            await first.Broker.PublishAsync(Created, 2);
            return TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(6) && marker.Count > 0;
        });

        Assert.Equal(1, calls);
        release.SetResult();
    }
}
