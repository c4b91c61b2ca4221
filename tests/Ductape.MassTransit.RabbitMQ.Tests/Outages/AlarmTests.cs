using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>A server that is low on memory blocks whoever publishes: it stops reading that connection.</summary>
public sealed class AlarmTests : OutageTest
{
    [Fact]
    public async Task Under_an_alarm_an_application_that_has_published_still_drains_its_backlog()
    {
        var logs = new LogLines();
        await using var app = Start(logs, x => x["PublishTimeout"] = "00:10:00");
        var go = new TaskCompletionSource();
        var inbox = new Inbox();
        await SubscribeAsync(app, Created, async message =>
        {
            await go.Task;
            await inbox.ReceiveAsync(message);
        });
        for (var i = 0; i < 20; i++)
            await app.Broker.PublishAsync(Created, i);

        await SetAlarmAsync(true);
        var waiting = app.Broker.PublishAsync(Shipped, "waits");
        await BecomesAsync(HealthStatus.Degraded, app, Deadline);
        var health = (await HealthAsync(app)).Connection();
        Assert.Contains("takes no publishes", health.Description);
        Assert.Contains("low on memory", health.Description);
        go.SetResult();

        await inbox.HasAsync(20, Deadline);
        // Acknowledged: nothing is left in the queue, delivered or not.
        await Eventually.TrueAsync(
            async () => (await Node.ControlAsync("list_queues", "name", "messages")).Contains("shop-orders-created-test\t0", StringComparison.Ordinal), Deadline);
        Assert.False(waiting.IsCompleted);
        await SetAlarmAsync(false);
        await waiting.WaitAsync(Deadline);
        await BecomesAsync(HealthStatus.Healthy, app, Deadline);
        Assert.Single(logs.At(LogLevel.Warning), IsOfAlarm);
        Assert.Single(logs.At(LogLevel.Information), IsOfAlarm);

        // The health checks log too, at each look.
        static bool IsOfAlarm(string line) => line.StartsWith("RABBITMQ", StringComparison.Ordinal) && line.Contains("alarm", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publish_under_an_alarm_fails_at_once_where_it_is_not_to_wait_and_otherwise_when_its_time_is_up_and_both_name_the_alarm()
    {
        await using var hasty = Start(new LogLines(), x => (x["WhenUnavailable"], x["PublishTimeout"]) = ("fail", "00:10:00"));
        await using var patient = Start(new LogLines(), x => x["PublishTimeout"] = "00:00:02");
        await hasty.Broker.PublishAsync(Created, 1);
        await patient.Broker.PublishAsync(Created, 1);
        await SetAlarmAsync(true);

        // The server says so when the first one comes.
        var first = await Assert.ThrowsAsync<DuctapeException>(() => hasty.Broker.PublishAsync(Created, 2).WaitAsync(Deadline));
        var second = await Assert.ThrowsAsync<DuctapeException>(() => hasty.Broker.PublishAsync(Created, 3).WaitAsync(Deadline));
        var late = await Assert.ThrowsAsync<DuctapeException>(() => patient.Broker.PublishAsync(Created, 2).WaitAsync(Deadline));

        foreach (var error in new[] { first, second, late })
        {
            Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
            Assert.Contains("low on memory", error.Message);
        }

        Assert.Contains("may or may not have the message", first.Message);
        Assert.Contains("Nothing was sent", second.Message);
    }

    [Fact]
    public async Task A_stop_under_an_alarm_does_not_wait_for_publishes_that_cannot_be_confirmed()
    {
        var logs = new LogLines();
        await using var app = Start(logs, x => x["PublishTimeout"] = "00:10:00");
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await SubscribeAsync(app, Created, async _ =>
        {
            begun.TrySetResult();
            await go.Task;
            await app.Broker.PublishAsync(Shipped, "from a callback");
        });
        await app.Broker.PublishAsync(Created, 1);
        await begun.Task.WaitAsync(Deadline);
        await SetAlarmAsync(true);
        var waiting = app.Broker.PublishAsync(Shipped, "waits");
        await BecomesAsync(HealthStatus.Degraded, app, Deadline);
        go.SetResult();

        await app.DisposeAsync().AsTask().WaitAsync(Deadline);

        await Assert.ThrowsAsync<DuctapeException>(() => waiting.WaitAsync(Deadline));
        Assert.DoesNotContain(logs.At(LogLevel.Warning), x => x.Contains("before its callbacks ended", StringComparison.Ordinal));
    }

    private static TimeSpan Deadline => TimeSpan.FromMinutes(2);

    private Task SetAlarmAsync(bool on) => Node.ControlAsync("set_vm_memory_high_watermark", on ? "0.000001" : "0.9");

    private ConformanceApp Start(LogLines logs, Action<JsonObject> change) => new(
        Configuration(Node.Port, change), x => x.AddRabbitMq(), x => x.AddHealthChecks().Services.AddLogging(y => y.AddProvider(logs)));
}
