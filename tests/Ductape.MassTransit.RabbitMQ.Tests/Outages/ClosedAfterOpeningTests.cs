using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>A server that opens a connection, and closes it at the first thing that it is asked.</summary>
public sealed class ClosedAfterOpeningTests : OutageTest
{
    [Fact]
    public async Task A_connection_counts_as_one_when_the_server_has_answered_something_on_it()
    {
        var logs = new LogLines();
        var (isClosing, closed) = (true, 0);
        await using var proxy = new TcpProxy(Node.Port)
        {
            Heard = frame =>
            {
                // channel.open
                if (!Volatile.Read(ref isClosing) || !AmqpFrames.IsMethod(frame, 20, 10))
                    return null;

                Interlocked.Increment(ref closed);
                return AmqpFrames.Close(320, "CONNECTION_FORCED - a test");
            },
        };
        await using var app = new ConformanceApp(
            Configuration(proxy.Port, x => x["PublishTimeout"] = "00:30:00"), x => x.AddRabbitMq(),
            x => x.AddHealthChecks().Services.AddLogging(y => y.AddProvider(logs)));

        var publishing = app.Broker.PublishAsync(Created, 1);
        await Eventually.TrueAsync(() => Volatile.Read(ref closed) >= 4);
        await Eventually.TrueAsync(async () => await HealthAsync(app) is { Status: HealthStatus.Unhealthy } report
            && report.Connection().Description!.Contains("CONNECTION_FORCED - a test", StringComparison.Ordinal));
        Assert.Empty(Connected());
        Assert.False(publishing.IsCompleted);

        Volatile.Write(ref isClosing, false);
        await publishing.WaitAsync(Eventually.Deadline);
        Assert.Single(Connected());

        IEnumerable<string> Connected() => logs.At(LogLevel.Information).Where(x => x.StartsWith("Connected to", StringComparison.Ordinal));
    }
}
