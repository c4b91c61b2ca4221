using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.Tests.Reloading;

/// <summary>Reloads over the life of an application: many of them, its end, and what its health check says.</summary>
public class ReloadLifetimeTests : ReloadTest
{
    [Fact]
    public async Task Publishes_and_subscriptions_that_race_with_reloads_never_fail_and_lose_nothing()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        using var ended = new CancellationTokenSource();
        var published = 0;
        var publishing = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
                await app.Broker.PublishAsync(Created, Interlocked.Increment(ref published));
        })).ToArray();
        var subscribing = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                await using var subscription = await app.Broker.SubscribeAsync(Shipped, _ => Task.CompletedTask);
                await app.Broker.PublishAsync(Shipped, 1);
            }
        });

        for (var i = 0; i < 20; i++)
            await app.ReloadedAsync(x => Topics(x)[$"topic{i}"] = new JsonObject());
        await ended.CancelAsync();

        await Task.WhenAll([subscribing, .. publishing]);
        await inbox.HasAsync(published);
        Assert.Equal(published, inbox.Bodies.Distinct().Count());
    }

    [Fact]
    public async Task A_hundred_reloads_leave_no_connections_behind()
    {
        var app = Start();
        await app.Broker.PublishAsync(Created, 1);
        for (var i = 0; i < 100; i++)
        {
            var port = 1 + (i % 2);
            await app.ReloadedAsync(x => x["Products"]!["shop"]!["Brokers"]!["remote"] = JsonNode.Parse(
                $$"""{ "Envs": { "test": { "Type": "RABBITMQ", "Config": { "Host": "localhost", "Port": {{port}} } } }, "Topics": { "t": { } } }"""));
        }

        var health = await app.HealthAsync();
        Assert.Equal(["ductape: RABBITMQ (amqp://localhost:2/)", "reloaded"], health.Data.Keys.Order());
        Assert.Equal("NotInUse", health.Data["ductape: RABBITMQ (amqp://localhost:2/)"]);
    }

    [Fact]
    public async Task A_connection_that_a_reload_added_has_its_health_in_the_check_of_the_configuration()
    {
        var app = Start();
        Assert.Equal((HealthStatus.Healthy, "The configuration is that of the start."), ((await app.HealthAsync()).Status, (await app.HealthAsync()).Description));

        await app.ReloadedAsync(x =>
        {
            x["PublishTimeout"] = "00:00:00.100";
            x["Products"]!["shop"]!["Brokers"]!["remote"] = JsonNode.Parse(
                """{ "Envs": { "test": { "Type": "RABBITMQ", "Config": { "Url": "amqp://u:marker-secret@localhost:1/" } } }, "Topics": { "t": { } } }""");
        });
        Assert.Equal(HealthStatus.Healthy, (await app.HealthAsync()).Status);
        await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync("remote:t", 1));

        await Eventually.TrueAsync(async () => (await app.HealthAsync()).Status == HealthStatus.Unhealthy);
        var health = await app.HealthAsync();
        Assert.Contains("RABBITMQ (amqp://localhost:1/) is not connected since ", health.Description);
        Assert.DoesNotContain("marker-secret", $"{health.Description} {health.Exception} {string.Join(' ', health.Data.Values)}");
    }

    [Fact]
    public async Task A_reload_after_the_end_of_the_application_does_nothing()
    {
        var app = Start(hosted: true);
        await app.Host.StartAsync(TestContext.Current.CancellationToken);
        await app.Broker.PublishAsync(Created, 1);
        await app.Host.StopAsync(TestContext.Current.CancellationToken);

        app.Reload(x => Topics(x)["returned"] = new JsonObject());
        await ((IAsyncDisposable)app.Host).DisposeAsync();
        app.Reload(x => Topics(x)["returned-too"] = new JsonObject());

        Assert.Equal(0, Logged("reloaded") + Logged("The reload failed"));
    }

    [Fact]
    public async Task The_configuration_does_not_keep_an_application_alive_that_was_disposed()
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(TestServices.OrdersJson))).Build();

        var broker = UseAndDispose(configuration);

        // Work on the thread pool that has not ended yet, such as the container compiling its services, may hold it a
        // moment longer.
        await Eventually.TrueAsync(() => !IsAliveAfterCollection(broker));
    }

    [Fact]
    public async Task Options_from_code_alone_work_as_before()
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddDuctapeMessageBroker(x =>
            {
                (x.Product, x.Env) = ("shop", "test");
                x.Products["shop"] = new ProductOptions
                {
                    Brokers = { [Broker] = new BrokerOptions { Envs = { ["test"] = new() { Type = "IN_MEMORY" } }, Topics = { ["created"] = new() } } },
                };
            })
            .Services.AddHealthChecks().Services.BuildServiceProvider();
        await services.Broker().PublishAsync(Created, 1);

        ((IConfigurationRoot)services.GetRequiredService<IConfiguration>()).Reload();

        await services.Broker().PublishAsync(Created, 2);
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(ReloadApp.Check, report.Entries.Keys);
    }

    [Fact]
    public async Task Options_that_the_application_binds_by_itself_are_reloaded_with_their_own_change_token()
    {
        var app = new ConfigurationBuilder().AddInMemoryCollection(TestServices.Configuration(TestServices.OrdersJson).AsEnumerable()).Build();
        var services = new ServiceCollection();
        services.AddOptions<DuctapeOptions>().Bind(app.GetSection("Ductape"));
        services.AddDuctapeMessageBroker(_ => { });
        await using var provider = services.BuildServiceProvider();
        provider.Catalog().FetchRoute(OrdersConfiguration.Event);

        app[$"Ductape:{OrdersConfiguration.Broker}:Topics:more:Name"] = "More";
        app.Reload();

        await Eventually.TrueAsync(() => provider.Catalog().ListTopics("sqsbroker").Count == 2);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseAndDispose(IConfigurationRoot configuration)
    {
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddDuctapeMessageBroker().Services.BuildServiceProvider();
        var broker = services.Broker();
        services.Catalog().FetchRoute(OrdersConfiguration.Event);
        return new WeakReference(broker);
    }

    private static bool IsAliveAfterCollection(WeakReference reference)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return reference.IsAlive;
    }
}
