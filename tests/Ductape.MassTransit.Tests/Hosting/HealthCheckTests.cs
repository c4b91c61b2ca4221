using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Hosting;

public class HealthCheckTests
{
    private const string Configuration = "ductape: configuration";
    private const string InMemory = "ductape: IN_MEMORY (in memory)";

    [Fact]
    public async Task A_connection_that_nothing_uses_is_healthy()
    {
        await using var services = Build(TestServices.OrdersJson);

        var report = await CheckAsync(services);

        Assert.Equal([InMemory, Configuration], report.Entries.Keys.Order());
        var (name, entry) = report.Entries.Single(x => x.Key == InMemory);
        Assert.Equal((InMemory, HealthStatus.Healthy, "IN_MEMORY (in memory) is not in use."), (name, entry.Status, entry.Description));
        Assert.Equal(["ductape", "ready"], entry.Tags.Order());
        Assert.Equal(("NotInUse", 0), (entry.Data["status"], entry.Data["subscriptions"]));
    }

    [Fact]
    public async Task A_connected_one_is_healthy_and_counts_its_subscriptions()
    {
        await using var services = Build(TestServices.OrdersJson);
        await using var subscription = await services.Broker().SubscribeAsync(Event, _ => Task.CompletedTask);

        var entry = (await CheckAsync(services)).Entries[InMemory];

        Assert.Equal((HealthStatus.Healthy, "IN_MEMORY (in memory) is connected."), (entry.Status, entry.Description));
        Assert.Equal(("Connected", 1), (entry.Data["status"], entry.Data["subscriptions"]));
        await subscription.StopAsync();
        Assert.Equal(0, (await CheckAsync(services)).Entries[InMemory].Data["subscriptions"]);
    }

    [Fact]
    public async Task Brokers_with_the_same_settings_share_one_connection()
    {
        var rabbit = """{ "Envs": { "dev": { "Type": "RABBITMQ", "Config": { "Url": "amqp://localhost:1/orders" } } } }""";
        var same = """{ "Envs": { "dev": { "Type": "RABBITMQ", "Config": { "Host": "localhost", "Port": 1, "VirtualHost": "orders" } } } }""";
        await using var services = Build(
            With(($"{Product}:Brokers:a", rabbit), ($"{Product}:Brokers:b", rabbit), ($"{Product}:Brokers:c", same), ("Products:p:Brokers:d", rabbit)));

        var report = await CheckAsync(services);

        Assert.Equal([InMemory, "ductape: RABBITMQ (amqp://localhost:1/orders)", Configuration], report.Entries.Keys.Order());
        Assert.Equal(HealthStatus.Healthy, report.Status);
    }

    [Fact]
    public async Task Connections_that_differ_in_a_secret_only_have_names_of_their_own()
    {
        string Rabbit(string password) => $$"""{ "Envs": { "dev": { "Type": "RABBITMQ", "Config": { "Url": "amqp://u:{{password}}@localhost:1/" } } } }""";
        await using var services = Build(With(($"{Product}:Brokers:a", Rabbit("marker-1")), ($"{Product}:Brokers:b", Rabbit("marker-2"))));

        var names = (await CheckAsync(services)).Entries.Keys;

        Assert.Equal([InMemory, "ductape: RABBITMQ (amqp://localhost:1/)", "ductape: RABBITMQ (amqp://localhost:1/) #2", Configuration], names.Order());
    }

    [Fact]
    public async Task A_broker_that_is_down_is_unhealthy_once_something_published_to_it()
    {
        await using var services = Build(With(
            ($"{Dev}:Type", "\"RABBITMQ\""), ($"{Dev}:Config", """{ "Url": "amqp://u:marker-secret@localhost:1/" }"""), ("PublishTimeout", "\"00:00:01\"")));
        await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1));

        HealthReport report = await CheckAsync(services);
        await Eventually.TrueAsync(async () => (report = await CheckAsync(services)).Status == HealthStatus.Unhealthy);

        var entry = Assert.Single(report.Entries, x => x.Key != Configuration).Value;
        Assert.StartsWith("RABBITMQ (amqp://localhost:1/) is not connected since ", entry.Description);
        Assert.Equal("Disconnected", entry.Data["status"]);
        Assert.DoesNotContain("marker-secret", $"{entry.Description} {entry.Exception} {string.Join(' ', entry.Data.Select(x => $"{x.Key}={x.Value}"))}");
    }

    private static ServiceProvider Build(string json)
    {
        var services = TestServices.With(json);
        services.AddHealthChecks();
        services.AddDuctapeMessageBroker().AddRabbitMq();
        return services.BuildServiceProvider();
    }

    private static Task<HealthReport> CheckAsync(IServiceProvider services) => services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
}
