using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.Tests.Reloading;

/// <summary>A changed broker that products share.</summary>
public sealed class SharedBrokerReloadTests : ReloadTest
{
    [Fact]
    public async Task A_topic_and_a_limit_of_a_shared_broker_are_those_of_every_product_at_once()
    {
        var app = StartShared();
        await app.ReloadedAsync(x =>
        {
            Topics(x)["returned"] = new JsonObject { ["Subscribers"] = new JsonArray("shipping") };
            x["Brokers"]![Broker]!["Envs"]!["test"]!["MaxMessageSize"] = 7;
        });

        foreach (var product in new[] { "shop", "billing", "shipping" })
        {
            Assert.Equal(["orders:created", "orders:returned", "orders:shipped"], app.Catalog.ListTopics(Broker, product).Select(x => x.Tag));
            Assert.Equal((7, $"{product}-orders-returned-test"),
                (app.Catalog.FetchRoute("orders:returned", product).MaxMessageSize, app.Catalog.FetchRoute("orders:returned", product).Queue));
        }
    }

    [Fact]
    public async Task Subscriptions_of_every_product_end_with_a_shared_topic_and_go_on_when_a_product_gets_a_section()
    {
        var app = StartShared();
        var (shop, billing) = (new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync(Created, shop.ReceiveAsync);
        await app.Broker.SubscribeAsync(Created, billing.ReceiveAsync, product: "billing");

        await app.ReloadedAsync(x => x["Products"] = new JsonObject { ["billing"] = new JsonObject { ["Name"] = "Billing" } });
        await app.Broker.PublishAsync(Created, 1);
        await shop.HasAsync(1);
        await billing.HasAsync(1);

        await app.ReloadedAsync(x => Topics(x).Remove("created"));

        Assert.Equal(DuctapeErrorCodes.TopicNotFound, (await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, 2))).Code);
        Assert.Equal(2, Logged("ends: the reloaded configuration has no such event"));
    }

    [Fact]
    public async Task An_override_takes_the_shared_brokers_place_for_its_product_alone()
    {
        var app = StartShared();

        await app.ReloadedAsync(x => x["Products"] = new JsonObject
        {
            ["billing"] = new JsonObject
            {
                ["Brokers"] = new JsonObject
                {
                    [Broker] = JsonNode.Parse("""{ "Envs": { "test": { "Type": "IN_MEMORY" } }, "Topics": { "paid": {} } }"""),
                },
            },
        });

        Assert.Equal(["orders:paid"], app.Catalog.ListTopics(Broker, "billing").Select(x => x.Tag));
        Assert.Equal(["orders:created", "orders:shipped"], app.Catalog.ListTopics(Broker).Select(x => x.Tag));
    }

    // As the other reload tests have it, but shop and billing, which have no sections, share the broker.
    private ReloadApp StartShared() => Start(change: x =>
    {
        var broker = x["Products"]!["shop"]!["Brokers"]![Broker]!.DeepClone();
        broker["Topics"]!["created"]!["Subscribers"] = new JsonArray("shop", "billing");
        x["Brokers"] = new JsonObject { [Broker] = broker };
        x.AsObject().Remove("Products");
    });

    private static JsonObject Topics(JsonNode section) => section["Brokers"]![Broker]!["Topics"]!.AsObject();
}
