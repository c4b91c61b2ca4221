using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>A broker that is down, comes, goes and comes again. Each test has a node of its own.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly RabbitMqNode _node = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_host_starts_without_the_broker_and_everything_begins_when_it_comes()
    {
        var inbox = new Inbox();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Configuration().ToJsonString())));
        builder.Services.AddSingleton(inbox);
        builder.Services.AddDuctapeMessageBroker().AddRabbitMq().AddSubscriber<ShippedSubscriber>();
        builder.Services.AddHealthChecks();
        using var host = builder.Build();
        var began = DateTimeOffset.UtcNow;
        await host.StartAsync().WaitAsync(Eventually.Deadline);
        var broker = host.Services.GetRequiredService<IMessageBroker>();
        var health = host.Services.GetRequiredService<HealthCheckService>();

        var subscription = await broker.SubscribeAsync("orders:created", inbox.ReceiveAsync);
        Assert.False(subscription.Ready.IsCompleted);
        var error = await Assert.ThrowsAsync<DuctapeException>(() => broker.PublishAsync("orders:created", 1));
        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.Contains($"127.0.0.1:{_node.Port}", error.Message);
        Assert.NotNull(error.InnerException);
        var sick = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, sick.Status);
        var since = Regex.Match(
            sick.Connection().Description!, $@"^RABBITMQ \(amqp://127\.0\.0\.1:{_node.Port}/\) is not connected since (\S+?):? ");
        Assert.True(since.Success, sick.Connection().Description);
        Assert.InRange(DateTimeOffset.Parse(since.Groups[1].Value, CultureInfo.InvariantCulture), began, DateTimeOffset.UtcNow);

        await _node.StartAsync();

        await subscription.Ready.WaitAsync(Eventually.Deadline);
        await Eventually.TrueAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Healthy);
        await broker.PublishAsync("orders:created", 2);
        await broker.PublishAsync("orders:shipped", 3);
        await inbox.HasAsync(2);
        Assert.Equal(["2", "3"], inbox.Bodies.Order());
        await host.StopAsync();
    }

    [Fact]
    public async Task A_broker_that_is_killed_and_comes_back_is_used_again_and_has_kept_what_it_confirmed()
    {
        await _node.StartAsync();
        await using var app = Start();
        var inbox = new Inbox();
        await (await app.Broker.SubscribeAsync("orders:created", inbox.ReceiveAsync)).Ready.WaitAsync(Eventually.Deadline);
        await app.Broker.PublishAsync("orders:created", "before");
        await inbox.HasAsync(1);
        // Nobody reads this queue yet: only the broker's disk can have the message afterwards.
        await app.Broker.PublishAsync("orders:shipped", "kept");

        await _node.KillAsync();
        var health = app.Services.GetRequiredService<HealthCheckService>();
        await Eventually.TrueAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Unhealthy);
        var lost = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync("orders:created", "lost"));
        Assert.Contains("did not answer within 00:00:05", lost.Message);

        await _node.StartAsync();
        var shipped = new Inbox();
        await app.Broker.SubscribeAsync("orders:shipped", shipped.ReceiveAsync);
        await shipped.HasAsync(1, TimeSpan.FromSeconds(60));
        await app.Broker.PublishAsync("orders:created", "after");
        await Eventually.TrueAsync(() => inbox.Bodies.Contains("\"after\""), TimeSpan.FromSeconds(60));
        Assert.Equal(["\"kept\""], shipped.Bodies);
        // What was given up is not sent when the broker is back.
        Assert.DoesNotContain("\"lost\"", inbox.Bodies);
        await Eventually.TrueAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_connection_that_only_publishes_is_unhealthy_while_it_is_down_and_publishing_resumes()
    {
        await _node.StartAsync();
        await using var app = Start();
        var health = app.Services.GetRequiredService<HealthCheckService>();
        await app.Broker.PublishAsync("orders:shipped", 1);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);

        await _node.KillAsync();
        await Eventually.TrueAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Unhealthy);
        await _node.StartAsync();

        await Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => app.Broker.PublishAsync("orders:shipped", 2)) is null);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task A_subscription_that_is_refused_when_the_broker_comes_says_why_in_its_task_and_in_the_health()
    {
        await _node.StartAsync();
        await using (var connection = await _node.ConnectAsync())
        await using (var channel = await connection.CreateChannelAsync())
            await channel.ExchangeDeclareAsync("orders-created-test", "direct", durable: true);
        await _node.StopAsync();
        await using var app = Start();
        var subscription = await app.Broker.SubscribeAsync("orders:created", _ => Task.CompletedTask);
        await _node.StartAsync();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => subscription.Ready.WaitAsync(Eventually.Deadline));

        Assert.Equal(DuctapeErrorCodes.SubscribeFailed, error.Code);
        Assert.Contains("PRECONDITION_FAILED", error.Message);
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("PRECONDITION_FAILED", report.Connection().Description);
    }

    [Fact]
    public async Task A_wrong_password_says_so_and_is_not_shown()
    {
        await _node.StartAsync();
        await using var app = Start($"amqp://guest:hunter2@127.0.0.1:{_node.Port}/");

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync("orders:created", 1));

        Assert.Equal(DuctapeErrorCodes.PublishFailed, error.Code);
        Assert.Contains("ACCESS_REFUSED", error.ToString());
        Assert.DoesNotContain("hunter2", error.ToString());
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("ACCESS_REFUSED", report.Connection().Description);
        Assert.DoesNotContain("hunter2", string.Join(' ', report.Entries.Values.Select(x => $"{x.Description} {x.Exception}")));
    }

    [Fact]
    public async Task Stopping_a_subscription_that_waits_for_the_broker_does_not_wait_for_it()
    {
        await using var app = Start();
        var subscription = await app.Broker.SubscribeAsync("orders:created", _ => Task.CompletedTask);

        await subscription.StopAsync().WaitAsync(Eventually.Deadline);

        Assert.True(subscription.Ready.IsCanceled);
        await using var again = await app.Broker.SubscribeAsync("orders:created", _ => Task.CompletedTask);
    }

    [Fact]
    public async Task Cancelling_a_publish_that_waits_for_the_broker_ends_it()
    {
        await using var app = Start();
        using var cancel = new CancellationTokenSource();

        var publishing = app.Broker.PublishAsync("orders:created", 1, cancellationToken: cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
    }

    [Fact]
    public async Task With_fail_a_publish_does_not_wait_for_a_broker_that_is_down_and_works_when_it_is_back()
    {
        await _node.StartAsync();
        var json = Configuration();
        json["Ductape"]!["WhenUnavailable"] = "fail";
        json["Ductape"]!["PublishTimeout"] = "00:01:00";
        await using var app = Start(json: json);
        await app.Broker.PublishAsync("orders:shipped", 1);

        await _node.KillAsync();
        var health = app.Services.GetRequiredService<HealthCheckService>();
        await Eventually.TrueAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Unhealthy);
        var publishing = app.Broker.PublishAsync("orders:shipped", 2);
        var error = await Assert.ThrowsAsync<DuctapeException>(() => publishing.WaitAsync(Eventually.Deadline));
        Assert.Contains("is out of reach, and WhenUnavailable is 'fail'", error.Message);

        await _node.StartAsync();
        await Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => app.Broker.PublishAsync("orders:shipped", 3)) is null);
    }

    private ConformanceApp Start(string? url = null, JsonObject? json = null) => new(json ?? Configuration(url), x => x.AddRabbitMq(), x => x.AddHealthChecks());

    private JsonObject Configuration(string? url = null)
    {
        var json = ConformanceApp.Configuration(
            new JsonObject { ["Type"] = "RABBITMQ", ["Config"] = new JsonObject { ["Url"] = url ?? _node.Url } });
        json["Ductape"]!["PublishTimeout"] = "00:00:05";
        json["Ductape"]!["SubscribeTimeout"] = "00:00:02";
        json["Ductape"]!["Products"]!["shop"]!["Brokers"]!["orders"]!["Topics"]!["shipped"] =
            new JsonObject { ["Subscribers"] = new JsonArray("shop") };
        return json;
    }

    [Subscribe("orders:shipped")]
    public sealed class ShippedSubscriber(Inbox inbox) : ISubscriber<int>
    {
        public Task HandleAsync(int payload, ReceivedMessage message) => inbox.ReceiveAsync(message);
    }
}
