using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.AmazonSQS.Tests;

/// <summary>An emulator of its own that goes away. MassTransit's bus says that it is healthy all the while.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task While_SQS_does_not_answer_the_health_says_so_and_a_publish_fails_in_its_time()
    {
        await using var server = new FauxqsServer();
        await server.StartAsync();
        var env = new JsonObject
        {
            ["Type"] = "AWS_SQS",
            ["Config"] = new JsonObject
            {
                ["ServiceUrl"] = server.Url, ["AccessKeyId"] = "test", ["SecretAccessKey"] = "test", ["WaitTimeSeconds"] = 1, ["ProbeInterval"] = "00:00:01",
            },
        };
        var configuration = ConformanceApp.Configuration(env, broker: "orders");
        configuration["Ductape"]!["PublishTimeout"] = "00:00:02";
        await using var app = new ConformanceApp(configuration, x => x.AddAmazonSqs(), x => x.AddHealthChecks());
        await app.Broker.PublishAsync("orders:created", 1);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(app)).Status);

        await server.DisposeAsync();

        await Eventually.TrueAsync(async () => (await HealthAsync(app)).Status == HealthStatus.Unhealthy, TimeSpan.FromSeconds(30));
        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync("orders:created", 2));
        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.Contains("did not answer within 00:00:02", error.Message);
    }

    private static async Task<HealthReportEntry> HealthAsync(ConformanceApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Connection();
}
