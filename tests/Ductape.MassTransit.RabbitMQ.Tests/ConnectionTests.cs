using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>How many connections there are, and to what. On a node of its own, so that the count is its own.</summary>
public sealed class ConnectionTests(ConnectionTests.OwnNode own) : IClassFixture<ConnectionTests.OwnNode>
{
    [Fact]
    public async Task Twenty_brokers_with_the_same_settings_open_one_connection_for_publishing_and_one_for_receiving()
    {
        await using var app = Start(json =>
        {
            var brokers = json["Products"]!["shop"]!["Brokers"]!.AsObject();
            for (var i = 1; i < 20; i++)
                brokers[$"orders{i}"] = brokers["orders"]!.DeepClone();
        });
        var inbox = new Inbox();
        foreach (var broker in app.Catalog.ListBrokers())
            await app.Broker.SubscribeAsync($"{broker.Tag}:created", inbox.ReceiveAsync);

        foreach (var broker in app.Catalog.ListBrokers())
            await app.Broker.PublishAsync($"{broker.Tag}:created", broker.Tag);

        await inbox.HasAsync(20);
        Assert.Equal(20, inbox.Bodies.Distinct().Count());
        await HasConnectionsAsync(publishing: 1, receiving: 1);
    }

    [Fact]
    public async Task An_application_that_only_publishes_opens_no_connection_for_receiving()
    {
        await using var app = Start(_ => { });

        await app.Broker.PublishAsync("orders:shipped", 1);

        await HasConnectionsAsync(publishing: 1, receiving: 0);
    }

    [Fact]
    public async Task A_virtual_host_of_its_own_is_a_connection_of_its_own()
    {
        await own.Node.ControlAsync("add_vhost", "other/one");
        await own.Node.ControlAsync("set_permissions", "-p", "other/one", "guest", ".*", ".*", ".*");
        await using var app = Start(json =>
        {
            var brokers = json["Products"]!["shop"]!["Brokers"]!.AsObject();
            brokers["apart"] = brokers["orders"]!.DeepClone();
            brokers["apart"]!["Envs"]!["test"]!["Config"]!["Url"] = own.Node.Url + "other%2Fone";
        });
        var (orders, apart) = (new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync("orders:created", orders.ReceiveAsync);
        await app.Broker.SubscribeAsync("apart:created", apart.ReceiveAsync);

        await app.Broker.PublishAsync("orders:created", "here");
        await app.Broker.PublishAsync("apart:created", "there");

        await orders.HasAsync(1);
        await apart.HasAsync(1);
        Assert.Equal(["\"here\""], orders.Bodies);
        Assert.Equal(["\"there\""], apart.Bodies);
        await own.Node.ListAsync("shop-apart-created-test", "list_queues", "-p", "other/one", "name");
        await HasConnectionsAsync(publishing: 2, receiving: 2);
    }

    [Fact]
    public async Task An_unused_connection_is_not_opened_and_not_unhealthy()
    {
        await using var app = Start(_ => { });

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains("is not in use", report.Connection().Description);
        await HasConnectionsAsync(publishing: 0, receiving: 0);
    }

    [Fact]
    public async Task A_cluster_is_reached_through_whichever_node_answers()
    {
        await using var app = Start(json => json["Products"]!["shop"]!["Brokers"]!["orders"]!["Envs"]!["test"]!["Config"] = new JsonObject
        {
            ["Hosts"] = new JsonArray($"127.0.0.1:{RabbitMqNode.FreePort()}", $"127.0.0.1:{own.Node.Port}"),
            ["Username"] = "guest",
            ["Password"] = "guest",
        });
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync("orders:shipped", inbox.ReceiveAsync);

        await app.Broker.PublishAsync("orders:shipped", 1);

        await inbox.HasAsync(1);
    }

    private async Task<string[]> ConnectionsAsync() =>
        (await own.Node.ControlAsync("list_connections", "pid", "client_properties")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(x => x.StartsWith('<')).ToArray();

    /// <summary>The server forgets a connection a moment after it was closed.</summary>
    private Task HasConnectionsAsync(int publishing, int receiving) => Eventually.TrueAsync(
        async () =>
        {
            var connections = await ConnectionsAsync();
            return connections.Length == publishing + receiving
                && connections.Count(x => x.Contains("(publishing)", StringComparison.Ordinal)) == publishing;
        },
        text: $"{publishing} connections for publishing and {receiving} for receiving");

    private ConformanceApp Start(Action<JsonObject> change)
    {
        var json = ConformanceApp.Configuration(
            new JsonObject { ["Type"] = "RABBITMQ", ["Config"] = new JsonObject { ["Url"] = own.Node.Url } });
        json["Ductape"]!["Products"]!.AsObject().Remove("billing");
        change(json["Ductape"]!.AsObject());
        return new ConformanceApp(json, x => x.AddRabbitMq(), x => x.AddHealthChecks());
    }

    public sealed class OwnNode : IAsyncLifetime
    {
        public RabbitMqNode Node { get; } = new();

        public async ValueTask InitializeAsync() => await Node.StartAsync();

        public ValueTask DisposeAsync() => Node.DisposeAsync();
    }
}
