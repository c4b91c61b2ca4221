using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>A password that is a secret, on a real server.</summary>
public sealed class SecretTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Fact]
    public async Task A_password_from_a_secret_opens_the_connection_whatever_characters_it_has()
    {
        const string password = "p@ss/w:rd%20#?&";
        await Node.ControlAsync("add_user", "keeper", password);
        await Node.ControlAsync("set_permissions", "keeper", ".*", ".*", ".*");
        var app = Start(
            env: x => x["Config"]!["Url"] = $"amqp://keeper:$Secret{{RABBIT_PASSWORD}}@127.0.0.1:{Node.Port}/",
            configuration: x => x["Secrets"] = new JsonObject { ["RABBIT_PASSWORD"] = password });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await app.Broker.PublishAsync(Created, 1);

        await inbox.HasAsync(1);
        await Node.ListAsync("keeper", "list_connections", "user");
        Assert.Equal($"RABBITMQ (amqp://127.0.0.1:{Node.Port}/)", app.Catalog.FetchRoute(Created).Connection);
    }

    [Fact]
    public async Task A_whole_URL_may_be_a_secret()
    {
        var app = Start(
            env: x => x["Config"]!["Url"] = "$Secret{RABBIT_URL}",
            configuration: x => x["Secrets"] = new JsonObject { ["RABBIT_URL"] = Node.Url });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await app.Broker.PublishAsync(Created, 1);

        await inbox.HasAsync(1);
        Assert.DoesNotContain("guest", app.Catalog.FetchRoute(Created).Connection);
    }

    [Fact]
    public async Task Host_user_password_and_virtual_host_from_secrets_are_in_no_log_no_health_and_no_exception()
    {
        const string user = "marker-user";
        const string virtualHost = "marker vhost/1";
        await Node.ControlAsync("add_vhost", virtualHost);
        await Node.ControlAsync("add_user", user, "marker-word");
        await Node.ControlAsync("set_permissions", "-p", virtualHost, user, ".*", ".*", ".*");
        var logs = new CapturedLogs();
        var said = new List<string>();

        var app = StartMarked(logs, "marker-word");
        var called = new TaskCompletionSource();
        await app.Broker.SubscribeAsync(Created, message =>
        {
            called.TrySetResult();
            throw new InvalidOperationException($"at {message.ConsumeContext.ReceiveContext.InputAddress}");
        });
        await app.Broker.PublishAsync(Created, 1);
        await called.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => await app.DeadLetters.CountAsync(Created) == 1);
        var other = StartMarked(logs, "marker-word", x => x["QueueType"] = "quorum");
        said.Add($"{await Assert.ThrowsAsync<DuctapeException>(() => other.Broker.SubscribeAsync(Created, _ => Task.CompletedTask))}");
        var refused = StartMarked(logs, "marker-other-word");
        said.Add($"{await Assert.ThrowsAsync<DuctapeException>(() => refused.Broker.PublishAsync(Created, 1))}");
        foreach (var x in new[] { app, other, refused })
        {
            var report = await x.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
            said.AddRange(report.Entries.Select(e => $"{e.Key} {e.Value.Description} {e.Value.Exception} {string.Join(' ', e.Value.Data)}"));
        }

        Assert.Contains(logs.Lines, x => x.Contains("R-FAULT rabbitmq://$Secret{MARKED_HOST}", StringComparison.Ordinal));
        Assert.Contains(said, x => x.Contains("ACCESS_REFUSED", StringComparison.Ordinal));
        Assert.Contains(said, x => x.Contains("in vhost '$Secret{MARKED_VHOST}'", StringComparison.Ordinal));
        Assert.All([.. said, .. logs.Lines], x => Assert.DoesNotContain("marker", x, StringComparison.OrdinalIgnoreCase));
        Assert.All([.. said, .. logs.Lines], x => Assert.DoesNotContain("127.0.0.1", x));
    }

    private ConformanceApp StartMarked(CapturedLogs logs, string password, Action<JsonObject>? change = null) => Start(
        new JsonObject { ["Retry"] = new JsonObject { ["Count"] = 0 } },
        env: x =>
        {
            var config = new JsonObject
            {
                ["Host"] = "$Secret{MARKED_HOST}",
                ["Port"] = Node.Port,
                ["Username"] = "$Secret{MARKED_USER}",
                ["Password"] = "$Secret{MARKED_WORD}",
                ["VirtualHost"] = "$Secret{MARKED_VHOST}",
            };
            change?.Invoke(config);
            x["Config"] = config;
        },
        services => services.AddLogging(x => x.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)).AddHealthChecks(),
        x =>
        {
            x["PublishTimeout"] = "00:00:05";
            x["Secrets"] = new JsonObject
            {
                ["MARKED_HOST"] = "127.0.0.1",
                ["MARKED_USER"] = "marker-user",
                ["MARKED_WORD"] = password,
                ["MARKED_VHOST"] = "marker vhost/1",
            };
        });
}
