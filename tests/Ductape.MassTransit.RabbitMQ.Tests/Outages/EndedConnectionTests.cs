using System.Diagnostics;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>
/// A server that takes connections and ends them, or refuses them for its own reasons, while an application runs.
/// </summary>
public sealed class EndedConnectionTests : OutageTest
{
    [Theory]
    [InlineData("connection limit")]
    [InlineData("virtual host")]
    public async Task An_application_whose_connections_are_ended_says_so_once_waits_and_goes_on_when_it_may(string what)
    {
        var logs = new LogLines();
        await using var proxy = new TcpProxy(Node.Port);
        await using var app = new ConformanceApp(
            Configuration(proxy.Port, x => x["PublishTimeout"] = "00:30:00"), x => x.AddRabbitMq(),
            x => x.AddHealthChecks().Services.AddLogging(y => y.AddProvider(logs)));
        var inbox = new Inbox();
        await SubscribeAsync(app, Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, "before");
        await inbox.HasAsync(1, Deadline);

        var (watch, accepted) = (Stopwatch.StartNew(), proxy.Accepted);
        if (what == "virtual host")
        {
            await Node.ControlAsync("delete_vhost", "/");
        }
        else
        {
            await Node.ControlAsync("set_vhost_limits", "-p", "/", """{"max-connections":0}""");
            await Node.ControlAsync("close_all_connections", "a test");
        }

        await BecomesAsync(HealthStatus.Unhealthy, app, Deadline);
        var waiting = app.Broker.PublishAsync(Created, "after");
        // The reason of the second attempt is the server's own, and from then on nothing changes.
        await Eventually.TrueAsync(async () => (await HealthAsync(app)).Connection().Description!.Contains("530", StringComparison.Ordinal), Deadline);
        var connected = logs.At(LogLevel.Information).Count(x => x.StartsWith("Connected to", StringComparison.Ordinal));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(app)).Status);
            await Node.ControlAsync("list_connections", "pid");
        }

        // Each of its two connections is tried at once, and from then on after waits that grow.
        await Eventually.TrueAsync(() => proxy.Accepted >= accepted + 12, Deadline);
        var (attempts, passed) = ((proxy.Accepted - accepted) / 2, watch.Elapsed);
        Assert.True(passed > 0.95 * WaitsBefore(attempts), $"{attempts} attempts of each connection in {passed}");

        Assert.False(waiting.IsCompleted);
        Assert.Equal(connected, logs.At(LogLevel.Information).Count(x => x.StartsWith("Connected to", StringComparison.Ordinal)));
        // Each of its two connections says each reason once, however often it is tried.
        var warnings = logs.At(LogLevel.Warning).Where(x => x.StartsWith("Not connected to", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(warnings);
        Assert.True(warnings.Distinct().Count() == warnings.Count, string.Join('\n', warnings));

        if (what == "virtual host")
        {
            await Node.ControlAsync("add_vhost", "/");
            await Node.ControlAsync("set_permissions", "-p", "/", "guest", ".*", ".*", ".*");
        }
        else
        {
            await Node.ControlAsync("clear_vhost_limits", "-p", "/");
        }

        await waiting.WaitAsync(Deadline);
        await BecomesAsync(HealthStatus.Healthy, app, Deadline);
        await app.Broker.PublishAsync(Created, "at last");
        await Eventually.TrueAsync(() => inbox.Bodies.Contains("\"at last\""), Deadline);
    }

    // 250 ms before the second, twice as long before each one after it, and never more than five seconds.
    private static TimeSpan WaitsBefore(int attempts) =>
        TimeSpan.FromSeconds(Enumerable.Range(0, Math.Max(0, attempts - 1)).Sum(x => Math.Min(5, 0.25 * Math.Pow(2, x))));

    private static TimeSpan Deadline => TimeSpan.FromMinutes(2);
}
