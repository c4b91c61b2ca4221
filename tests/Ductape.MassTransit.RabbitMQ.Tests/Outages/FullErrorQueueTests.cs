using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>A queue of errors that takes no more.</summary>
public sealed class FullErrorQueueTests : OutageTest
{
    [Fact]
    public async Task While_the_errors_are_full_a_failed_message_waits_and_others_go_on_and_it_moves_when_there_is_room()
    {
        await Node.ControlAsync("set_policy", "full", "_error$", """{"max-length":1,"overflow":"reject-publish"}""", "--apply-to", "queues");
        var app = Start(change: x => Topic(x, "created")["Concurrency"] = 1);
        var (inbox, failures) = (new Inbox(), 0);
        await SubscribeAsync(app, Created, message =>
        {
            if (message.As<string>() != "good")
            {
                Interlocked.Increment(ref failures);
                throw new InvalidOperationException("bad");
            }

            return inbox.ReceiveAsync(message);
        });

        await app.Broker.PublishAsync(Created, "bad");
        await Eventually.TrueAsync(async () => await ErrorsAsync() == 1, Deadline);
        await app.Broker.PublishAsync(Created, "bad");
        await Eventually.TrueAsync(
            async () => (await HealthAsync(app)).Connection() is { Status: HealthStatus.Degraded } health
                && health.Description!.Contains("shop-orders-created-test_error", StringComparison.Ordinal),
            Deadline);
        var before = failures;
        await app.Broker.PublishAsync(Created, "good");
        await inbox.HasAsync(1, Deadline);
        Assert.Equal(before, failures);
        // It is still the server's: the other one alone is acknowledged.
        await Eventually.TrueAsync(async () => (await Node.ControlAsync("list_queues", "name", "messages_ready", "messages_unacknowledged"))
            .Contains("shop-orders-created-test\t0\t1\n", StringComparison.Ordinal), Deadline);

        await Node.ControlAsync("purge_queue", "shop-orders-created-test_error");

        await Eventually.TrueAsync(async () => await ErrorsAsync() == 1, Deadline);
        await BecomesAsync(HealthStatus.Healthy, app, Deadline);
        // Moved as it was, without another callback.
        Assert.Equal(before, failures);
        await Eventually.TrueAsync(
            async () => (await Node.ControlAsync("list_queues", "name", "messages")).Contains("shop-orders-created-test\t0", StringComparison.Ordinal), Deadline);
    }

    private static TimeSpan Deadline => TimeSpan.FromMinutes(2);

    private async Task<int> ErrorsAsync()
    {
        var line = (await Node.ControlAsync("list_queues", "name", "messages")).Split('\n')
            .FirstOrDefault(x => x.StartsWith("shop-orders-created-test_error", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
