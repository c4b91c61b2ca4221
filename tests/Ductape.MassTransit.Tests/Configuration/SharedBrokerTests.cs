using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>Brokers under Ductape:Brokers, which every product shares.</summary>
public sealed class SharedBrokerTests
{
    private const string Event = "orders:created";

    [Theory]
    [InlineData("")]
    [InlineData(""", "Products": { "billing": {} }""")]
    [InlineData(""", "Products": { "billing": null, "shop": {} }""")]
    public async Task A_product_without_a_section_of_its_own_publishes_and_receives(string products)
    {
        await using var services = TestProvider.Build(Shared("billing", more: products));
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);

        var result = await services.Broker().PublishAsync(Event, 1);

        await inbox.HasAsync(1);
        Assert.Equal(("billing", "orders-created-dev"), (result.ProductTag, result.Destination));
        Assert.Equal("billing-orders-created-dev", services.Catalog().FetchRoute(Event).Queue);
        Assert.Equal("orders", Assert.Single(services.Catalog().ListBrokers()).Tag);
        Assert.Equal(Event, Assert.Single(services.Catalog().ListTopics("orders")).Tag);
    }

    [Fact]
    public async Task Subscribers_need_no_section_and_have_their_queues_before_they_come()
    {
        const string topic = """{ "Subscribers": [ "billing", "shipping" ] }""";
        await using var services = TestProvider.Build(Shared("shop", topic));
        await services.Broker().PublishAsync(Event, 1);

        var inbox = new Inbox();
        await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync, product: "billing");

        await inbox.HasAsync(1);
        Assert.Equal("shipping-orders-created-dev", services.Catalog().FetchRoute(Event, "shipping").Queue);
        var unknown = Assert.Throws<DuctapeException>(() => services.Catalog().FetchRoute(Event, "biling"));
        Assert.Equal(DuctapeErrorCodes.ProductNotFound, unknown.Code);
        Assert.EndsWith("Did you mean 'billing'? Configured: 'billing', 'shipping', 'shop'.", unknown.Message);
    }

    [Fact]
    public void A_broker_of_a_product_overrides_the_shared_one_of_that_tag_as_a_whole()
    {
        const string own = """
            , "Products": { "shop": { "Brokers": { "Orders": { "Envs": { "dev": { "Type": "IN_MEMORY", "MaxMessageSize": 7 } }, "Topics": { "closed": {} } } } } }
            """;
        using var services = TestProvider.Build(Shared("shop", """{ "Subscribers": [ "billing" ] }""", own));

        Assert.Equal(["Orders:closed"], services.Catalog().ListTopics("orders").Select(x => x.Tag));
        Assert.Equal(7, services.Catalog().FetchRoute("Orders:closed").MaxMessageSize);
        Assert.Equal(DuctapeErrorCodes.TopicNotFound, Assert.Throws<DuctapeException>(() => services.Catalog().FetchRoute(Event)).Code);
        Assert.Null(services.Catalog().FetchRoute(Event, "billing").MaxMessageSize);
    }

    [Fact]
    public async Task The_spelling_of_a_section_or_of_a_topic_names_the_queues()
    {
        await using var services = TestProvider.Build(Shared("BILLING", """{ "Subscribers": [ "billing" ] }"""));
        await using var other = TestProvider.Build(Shared("SHOP", more: """, "Products": { "shop": {} }"""));

        Assert.Equal("billing-orders-created-dev", services.Catalog().FetchRoute(Event).Queue);
        Assert.Equal("shop-orders-created-dev", other.Catalog().FetchRoute(Event, "sHop").Queue);
    }

    [Fact]
    public void A_problem_names_the_place_where_the_broker_stands_and_is_told_once()
    {
        const string topic = """{ "Prefetch": 0, "Subscribers": [ "billing", "not a tag" ], "Validate": "Strict" }""";

        Assert.Equal(
            [
                "Ductape:Brokers:orders:Envs:dev:Config:Frob: it is not a known key.",
                "Ductape:Brokers:orders:Topics:created:Prefetch: 0 is out of range; it must be from 1 to 65535.",
                "Ductape:Brokers:orders:Topics:created:Subscribers:1: the product tag 'not a tag' has the character ' '; use letters (a to z), digits, '-', '_' and '.'.",
                "Ductape:Brokers:orders:Topics:created:Validate: 'Strict' is not one of Off, Warn, Enforce.",
            ],
            StartUp.Problems(Shared("shop", topic, """, "Products": { "shop": {}, "billing": {} }""", """{ "Frob": 1 }"""))
                .Select(x => x.StartsWith("Ductape:Brokers:orders:Envs", StringComparison.Ordinal) ? x[..(x.IndexOf('.') + 1)] : x).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\"bill:ing\"", "Ductape:Product: the product tag 'bill:ing' has the character ':'; use letters (a to z), digits, '-', '_' and '.'.")]
    [InlineData("\" \"", "Ductape:Product: no product uses the brokers of Ductape:Brokers; name this service's product here, or describe one under Products.")]
    public void A_product_has_to_use_them(string product, string problem) =>
        Assert.Equal([problem], StartUp.Problems(Shared("shop").Replace("\"Product\": \"shop\"", $"\"Product\": {product}")));

    [Fact]
    public void A_queue_of_a_shared_topic_cannot_be_that_of_two_products() =>
        Assert.Equal(
            ["Ductape:Brokers:orders:Topics:created: the queue name 'all' would be that of billing for orders:created in dev and of shop for orders:created in dev, "
                + "which share this topic, and a queue belongs to one product; leave Queue out, or give one of the products a broker of its own."],
            StartUp.Problems(Shared("shop", """{ "Queue": "all", "Subscribers": [ "billing" ] }""")));

    [Fact]
    public void A_session_that_a_shared_topic_asks_for_is_of_one_of_the_products()
    {
        const string topic = """{ "RequireSession": [ "web" ] }""";
        var sessions = $$$""", "Products": { "shop": { "Sessions": { "web": { "SigningKey": "{{{SessionConfiguration.SigningKey}}}", "Selector": "$Session{userId}" } } } }""";

        Assert.Empty(StartUp.Problems(Shared("billing", topic, sessions)));
        Assert.Equal(["Ductape:Brokers:orders:Topics:created:RequireSession:0: no product has session 'web'."], StartUp.Problems(Shared("billing", topic)));
        Assert.Equal(["Ductape:Brokers:orders:Topics:created:RequireSession:0: no product has session 'wbe'. Did you mean 'web'? Configured: 'web'."],
            StartUp.Problems(Shared("billing", """{ "RequireSession": [ "wbe" ] }""", sessions)));
    }

    [Fact]
    public async Task A_missing_secret_is_told_once_for_all_products()
    {
        const string config = """{ "Password": "$Secret{SHARED_NOWHERE}" }""";
        using var host = TestHost.Build(
            Shared("shop", """{ "Subscribers": [ "billing" ] }""", config: config, type: "RABBITMQ"), x => x.AddRabbitMq());

        var invalid = await Assert.ThrowsAsync<InvalidConfigurationException>(() => host.StartAsync());

        Assert.StartsWith("Ductape:Brokers:orders:Envs:dev:Config:Password: SECRET_NOT_FOUND: it refers to the secret 'SHARED_NOWHERE'", Assert.Single(invalid.Failures));
    }

    [Fact]
    public void Plans_have_the_queues_of_every_product_under_the_path_of_the_shared_topic()
    {
        using var services = TestProvider.Build(Shared("shop", """{ "Subscribers": [ "billing" ] }"""));

        Assert.Equal(
            [
                ("Ductape:Brokers:orders:Topics:created", "billing", "billing-orders-created-dev", "billing-orders-created-dev"),
                ("Ductape:Brokers:orders:Topics:created", "shop", "shop-orders-created-dev", "billing-orders-created-dev"),
            ],
            TopicPlans.Of(services).Select(x => (x.Path, x.ProductTag, x.Queue, string.Join(' ', x.SubscriberQueues))));
    }

    [Fact]
    public async Task Lint_looks_at_shared_brokers_and_warns_of_a_product_that_looks_misspelt()
    {
        const string missing = """{ "Subscribers": [ "billing" ] }""";
        var configuration = TestServices.Configuration(Shared("biling", missing, type: "KAFKA").Replace("\"Env\": \"dev\"", "\"Env\": \"other\"")
            .Replace("\"Envs\": {", "\"Envs\": { \"other\": { \"Type\": \"IN_MEMORY\" },"));

        Assert.Equal(
            [
                (LintSeverity.Error, "Ductape:Brokers:orders:Envs:dev:Type"),
                (LintSeverity.Warning, "Ductape:Product"),
            ],
            (await CatalogLint.RunAsync(configuration)).Select(x => (x.Severity, x.Path)));
        Assert.Empty(await CatalogLint.RunAsync(TestServices.Configuration(Shared("billing", missing))));
    }

    [Fact]
    public void Products_that_share_a_broker_share_a_connection_with_one_health_check()
    {
        using var services = TestProvider.Build(
            Shared("shop", """{ "Subscribers": [ "billing" ] }""", type: "RABBITMQ"), x => x.AddRabbitMq());

        var checks = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations
            .Select(x => x.Name).Where(x => x.Contains("amqp://", StringComparison.Ordinal));

        Assert.Equal(["ductape: RABBITMQ (amqp://localhost:5672/)"], checks);
    }

    [Fact]
    public void An_events_file_adds_to_a_shared_broker_unless_it_names_a_product()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                [ { "tag": "orders", "description": "From the file", "envs": [ { "slug": "dev", "type": "IN_MEMORY" } ], "topics": [ { "tag": "orders:closed" } ] },
                  { "tag": "parcels", "envs": [ { "slug": "dev", "type": "IN_MEMORY" } ], "topics": [ { "tag": "parcels:lost" } ] } ]
                """);
            const string topic = """{ "Subscribers": [ "billing" ] }""";
            using (var services = TestProvider.Build(Shared("shop", topic), x => x.AddDuctapeEventsFile(file)))
            {
                Assert.Equal([("orders", "From the file"), ("parcels", null)], services.Catalog().ListBrokers().Select(x => (x.Tag, x.Description)));
                Assert.Equal([("orders", "From the file")], services.Catalog().ListBrokers("billing").Select(x => (x.Tag, x.Description)));
                Assert.Equal(["orders:closed", Event], services.Catalog().ListTopics("orders", "billing").Select(x => x.Tag));
            }

            using (var services = TestProvider.Build(Shared("shop", topic), x => x.AddDuctapeEventsFile(file, "shop")))
            {
                Assert.Equal(["orders:closed"], services.Catalog().ListTopics("orders").Select(x => x.Tag));
                Assert.Equal([Event], services.Catalog().ListTopics("orders", "billing").Select(x => x.Tag));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A configuration with the broker orders for all products.</summary>
    private static string Shared(string product, string topic = "{}", string more = "", string config = "{}", string type = "IN_MEMORY") => $$"""
        {
          "Ductape": {
            "Product": "{{product}}", "Env": "dev",
            "Brokers": { "orders": { "Envs": { "dev": { "Type": "{{type}}", "Config": {{config}} } }, "Topics": { "created": {{topic}} } } }{{more}}
          }
        }
        """;
}
