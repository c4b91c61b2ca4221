using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;

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
        Assert.Contains("keeper", await Node.ControlAsync("list_connections", "user"));
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
}
