using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ductape.MassTransit.Tests.Reloading;

/// <summary>A changed configuration that is wrong, or no change at all.</summary>
public class InvalidReloadTests : ReloadTest
{
    [Fact]
    public async Task Every_problem_is_logged_once_nothing_changes_and_the_next_valid_one_is_taken_over()
    {
        var app = Start(watched: true);
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        app.Write(x =>
        {
            x["PublishTimeout"] = "-00:00:01";
            Topics(x)["created"] = new JsonObject { ["Prefetch"] = 0, ["Retri"] = 1 };
            Topics(x).Remove("shipped");
        });
        await Eventually.TrueAsync(() => Logged("is not valid and changes nothing") > 0);
        // Once more, as a watcher that fires twice does; and its end is seen in what follows it.
        app.Configuration.Reload();
        await app.Broker.PublishAsync(Shipped, 1);
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);

        Assert.Equal(1, Logged("PublishTimeout: '-00:00:01' is out of range"));
        Assert.Equal(1, Logged("Topics:created:Prefetch: 0 is out of range"));
        Assert.Equal(1, Logged("Topics:created:Retri: it is not a known key. Did you mean 'Retry'?"));
        var health = await app.HealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.StartsWith("The last reload of Ductape is not valid and not in use: ", health.Description);

        app.Write(x =>
        {
            x.AsObject().Remove("PublishTimeout");
            Topics(x)["created"] = new JsonObject();
        });
        await Eventually.TrueAsync(async () => (await app.HealthAsync()).Status == HealthStatus.Healthy);
        Assert.Equal(DuctapeErrorCodes.TopicNotFound,
            (await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Shipped, 1))).Code);
        Assert.Equal(1, Logged("is not valid and changes nothing"));
    }

    [Fact]
    public async Task A_value_that_becomes_null_is_the_default()
    {
        var app = Start(watched: true);
        app.Write(x =>
        {
            x["PublishTimeout"] = null;
            x["SubscribeTimeout"] = "24:00:00";
            Topics(x)["returned"] = new JsonObject { ["Retry"] = new JsonObject { ["MaxDelay"] = null } };
        });

        await Eventually.TrueAsync(() => app.Catalog.ListTopics(Broker).Any(x => x.Tag == "orders:returned"));
        Assert.Equal(0, Logged("is not valid and changes nothing"));
    }

    [Fact]
    public async Task A_file_that_is_no_JSON_changes_nothing()
    {
        var app = Start(watched: true);
        await app.Broker.PublishAsync(Created, 1);
        await File.WriteAllTextAsync(app.File, """{ "Ductape": { "Products": """, TestContext.Current.CancellationToken);
        Assert.ThrowsAny<Exception>(app.Configuration.Reload);

        await app.Broker.PublishAsync(Created, 2);

        app.Write(x => Topics(x)["returned"] = new JsonObject());
        await Eventually.TrueAsync(() => app.Catalog.ListTopics(Broker).Any(x => x.Tag == "orders:returned"));
    }

    [Fact]
    public async Task An_emptied_configuration_changes_nothing()
    {
        var app = Start();
        await app.Broker.PublishAsync(Created, 1);

        await File.WriteAllTextAsync(app.File, "{}", TestContext.Current.CancellationToken);
        app.Configuration.Reload();

        await Eventually.TrueAsync(() => Logged("Ductape:Products: it is empty") == 1);
        await app.Broker.PublishAsync(Created, 2);
    }

    [Fact]
    public async Task A_secret_that_nothing_has_refuses_the_reload_as_it_would_refuse_the_start()
    {
        var app = Start();
        await app.Broker.PublishAsync(Created, 1);

        app.Reload(x => x["Products"]!["shop"]!["Brokers"]!["remote"] = JsonNode.Parse(
            """{ "Envs": { "test": { "Type": "RABBITMQ", "Config": { "Url": "amqp://u:$Secret{NOBODY_HAS_THIS}@localhost:1/" } } } }"""));

        await Eventually.TrueAsync(() => Logged("refers to the secret 'NOBODY_HAS_THIS', and nothing has it") == 1);
        Assert.Equal([Broker], app.Catalog.ListBrokers().Select(x => x.Tag));
    }

    [Fact]
    public async Task The_same_configuration_again_does_nothing()
    {
        var app = Start();
        await app.Broker.PublishAsync(Created, 1);
        for (var i = 0; i < 5; i++)
            app.Reload();

        // What was asked for before has been looked at when this has.
        await app.ReloadedAsync(x => Topics(x)["returned"] = new JsonObject());

        await Eventually.TrueAsync(() => Logged("The configuration was reloaded and is in use") > 0);
        Assert.Equal(1, Logged("The configuration was reloaded and is in use"));
    }
}
