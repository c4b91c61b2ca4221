using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

/// <summary>
/// Tags in another case are the same tags, and names are made of them as the earliest source spells them.
/// </summary>
public sealed class KeyCaseTests
{
    private static readonly string Orders = With(
        ($"{Topic}:Subscribers", """[ "My_Product", "billing" ]"""), ($"{Product}:Caches:orders-cache", "{}"),
        ($"{Product}:Sessions:web", $$"""{ "SigningKey": "{{SessionConfiguration.SigningKey}}", "Selector": "$Session{userId}" }"""));

    [Fact]
    public void An_environment_variable_in_capitals_renames_nothing()
    {
        var prefix = $"KEYCASE_{Guid.NewGuid():N}_";
        Environment.SetEnvironmentVariable($"{prefix}DUCTAPE__ENV", "DEV");
        Environment.SetEnvironmentVariable($"{prefix}DUCTAPE__PRODUCTS__MY_PRODUCT__BROKERS__SQSBROKER__ENVS__DEV__MAXMESSAGESIZE", "1000");
        Environment.SetEnvironmentVariable($"{prefix}DUCTAPE__PRODUCTS__MY_PRODUCT__BROKERS__SQSBROKER__TOPICS__NEW-ORDERS__PREFETCH", "3");
        using var services = Build(x => x.AddEnvironmentVariables(prefix));

        var route = services.Catalog().FetchRoute(Event);

        Assert.Equal((Event, "my_product", "dev", 1000), (route.Event, route.ProductTag, route.Env, route.MaxMessageSize));
        Assert.Equal(("sqsbroker-new-orders-dev", "my_product-sqsbroker-new-orders-dev"), (route.Entity, route.Queue));
        Assert.Equal(["sqsbroker"], services.Catalog().ListBrokers().Select(x => x.Tag));
        Assert.Equal(["dev"], services.Catalog().FetchBroker("sqsbroker").Envs.Select(x => x.Slug));
        Assert.Equal(["my_product", "billing"], services.Catalog().FetchTopic(Event).Subscribers);
    }

    [Fact]
    public void The_same_holds_for_a_section_that_is_given_and_for_a_configuration_within_another()
    {
        var inner = Configuration(Override);
        var chained = new ConfigurationBuilder().AddConfiguration(inner).Build();
        foreach (var configuration in new[] { inner, chained })
        {
            var collection = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
            collection.AddDuctapeMessageBroker(configuration.GetSection("Ductape"));
            using var services = collection.BuildServiceProvider();

            Assert.Equal(["sqsbroker"], services.Catalog().ListBrokers("my_product").Select(x => x.Tag));
            Assert.Equal("my_product-sqsbroker-new-orders-dev", services.Catalog().FetchRoute(Event).Queue);
        }
    }

    [Fact]
    public void The_first_source_decides_and_says_what_the_later_ones_add()
    {
        using var services = Build(x => Override(x).AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ductape:Products:my_product:Brokers:sqsbroker:Topics:Refunds:Name"] = "Refunds",
            ["Ductape:Products:My_Product:Brokers:SqsBroker:Topics:new-ORDERS:Description"] = "After checkout.",
        }));

        Assert.Equal(["sqsbroker:Refunds", "sqsbroker:new-orders"], services.Catalog().ListTopics("sqsbroker").Select(x => x.Tag));
        var topic = services.Catalog().FetchTopic(Event);
        Assert.Equal(("New orders", "After checkout."), (topic.Name, topic.Description));
    }

    [Theory]
    [InlineData("DEV", "my_product")]
    [InlineData("dev", "MY_PRODUCT")]
    [InlineData("Dev", "My_Product")]
    public void The_defaults_may_be_in_another_case(string env, string product)
    {
        using var services = TestProvider.Build(With(("Env", $"\"{env}\""), ("Product", $"\"{product}\"")));

        var route = services.Catalog().FetchRoute(Event);

        Assert.Equal(("dev", "my_product"), (route.Env, route.ProductTag));
        Assert.Empty(StartUp.Problems(With(("Env", $"\"{env}\""), ("Product", $"\"{product}\""))));
    }

    [Fact]
    public async Task A_call_in_another_case_means_what_is_configured_and_says_so()
    {
        using var services = TestProvider.Build(Orders);
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync("SqsBroker:New-Orders", inbox.ReceiveAsync, product: "MY_PRODUCT", env: "DEV");
        var session = await services.GetRequiredService<ISessions>().StartAsync("WEB", new { userId = "u1" }, product: "My_Product", env: "Dev");

        var first = await PublishAsync("SQSBROKER:NEW-ORDERS", "ORDERS-CACHE", "Web");
        var second = await PublishAsync(Event, "orders-cache", "web");

        await inbox.HasAsync(1);
        Assert.Equal((Event, "dev", "my_product"), (subscription.Event, subscription.Env, subscription.ProductTag));
        Assert.Equal((Event, "dev", "my_product"), (inbox.Letters[0].Event, inbox.Letters[0].Env, inbox.Letters[0].ProductTag));
        Assert.Equal((Event, "dev", "my_product"), (first.Event, first.Env, first.ProductTag));
        Assert.Equal("web", inbox.Letters[0].Session!.Tag);
        Assert.Equal((true, first.MessageId), (second.Cached, second.MessageId));
        var kept = Assert.Single((await services.GetRequiredService<ICaches>().ListValuesAsync("Orders-Cache", product: "MY_PRODUCT", env: "DEV")).Values);
        Assert.Equal("orders-cache", kept.CacheTag);
        Assert.Equal(1, await services.GetRequiredService<ICaches>().ClearAsync("ORDERS-cache"));
        var active = await services.GetRequiredService<ISessions>().ListActiveAsync("web", product: "my_product", env: "dev");
        Assert.Equal(session.SessionId, Assert.Single(active.Sessions).SessionId);

        Task<PublishResult> PublishAsync(string @event, string cache, string tag) => services.Broker().PublishAsync(
            @event, 1, product: "My_Product", env: "Dev", cache: cache, session: new SessionInput { Tag = tag, Token = session.Token });
    }

    [Fact]
    public async Task A_required_session_and_a_reference_to_it_may_be_in_another_case()
    {
        using var services = TestProvider.Build(SessionConfiguration.Of(
            new { SessionConfiguration.SigningKey, Selector = "$Session{userId}" },
            ($"{Topic}:RequireSession", """[ "WEB" ]"""), ($"{Topic}:VerifyOnReceive", "true"), ($"{Topic}:ResolveReferences", "true")));
        var inbox = new Inbox();
        await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);
        var session = await services.GetRequiredService<ISessions>().StartAsync("web", new { userId = "u1" }, product: "my_product", env: "dev");

        await services.Broker().PublishAsync(Event, new { user = "$Session{Web}{userId}" }, session: new SessionInput { Tag = "wEb", Token = session.Token });

        await inbox.HasAsync(1);
        Assert.Equal("""{"user":"u1"}""", inbox.Bodies[0]);
        Assert.True(inbox.Letters[0].Session!.IsVerified);
        var refused = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync(Event, 1));
        Assert.Contains("requires a session of 'web'", refused.Message);
    }

    [Fact]
    public void A_lookup_in_another_case_finds_the_same_route_and_allocates_nothing()
    {
        using var services = TestProvider.Build();
        var catalog = services.Catalog();
        var first = catalog.FetchRoute("SQSBROKER:new-orders", "MY_product", "DEV");
        for (var i = 0; i < 1000; i++)
            catalog.FetchRoute("SQSBROKER:new-orders", "MY_product", "DEV");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = catalog.FetchRoute("SQSBROKER:NEW-orders", "MY_product", "DEV");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Same(first, second);
        Assert.Same(first, catalog.FetchRoute(Event));
    }

    [Fact]
    public void Tags_of_one_options_object_that_differ_in_case_alone_are_problems()
    {
        var services = TestServices.With(Orders);
        services.AddDuctapeMessageBroker();
        services.Configure<DuctapeOptions>(x =>
        {
            var product = x.Products["my_product"];
            var broker = product.Brokers["sqsbroker"];
            broker.Envs["Dev"] = broker.Envs["dev"];
            broker.Topics["new-orders"].Envs = new() { ["dev"] = new(), ["DEV"] = new() };
            broker.Topics["New-Orders"] = new TopicOptions();
            product.Brokers["SqsBroker"] = new BrokerOptions { Envs = { ["dev"] = broker.Envs["dev"] } };
            product.Sessions["Web"] = product.Sessions["web"];
            product.Caches["Orders-Cache"] = new CacheOptions();
            x.Secrets = new() { ["key"] = "1", ["KEY"] = "2" };
            x.Products["My_Product"] = new ProductOptions();
        });

        Assert.Equal(
            [
                "Ductape:Products: 'My_Product' and 'my_product'",
                "Ductape:Products:my_product:Brokers: 'SqsBroker' and 'sqsbroker'",
                "Ductape:Products:my_product:Brokers:sqsbroker:Envs: 'Dev' and 'dev'",
                "Ductape:Products:my_product:Brokers:sqsbroker:Topics: 'New-Orders' and 'new-orders'",
                "Ductape:Products:my_product:Brokers:sqsbroker:Topics:new-orders:Envs: 'DEV' and 'dev'",
                "Ductape:Products:my_product:Caches: 'Orders-Cache' and 'orders-cache'",
                "Ductape:Products:my_product:Sessions: 'Web' and 'web'",
                "Ductape:Secrets: 'KEY' and 'key'",
            ],
            StartUp.Problems(services).Select(x => x.Replace(
                " differ in case alone, and tags are compared without regard to case; keep one of them.", "")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_source_that_spells_a_tag_in_two_ways_is_a_problem()
    {
        var problem = Assert.Single(StartUp.Problems(Orders.Replace("\"sqsbroker\":", "\"SqsBroker\":{\"Description\":\"Two\"},\"sqsbroker\":")));

        Assert.Equal(
            "Ductape:Products:my_product:Brokers: 'SqsBroker' and 'sqsbroker' differ in case alone, and tags are compared without regard to "
            + "case; keep one of them.",
            problem);
    }

    [Fact]
    public void Products_that_spell_an_event_in_other_cases_are_a_problem_for_they_would_not_hear_of_each_other()
    {
        const string other = """{ "Brokers": { "SqsBroker": { "Envs": { "dev": { "Type": "IN_MEMORY" } }, "Topics": { "new-orders": {} } } } }""";

        Assert.Equal(
            ["Ductape:Products:my_product:Brokers:sqsbroker:Topics:new-orders: sqsbroker:new-orders in dev and SqsBroker:new-orders in dev "
                + "(Ductape:Products:billing:Brokers:SqsBroker:Topics:new-orders) differ in case alone, which makes one event with two names, "
                + "'sqsbroker-new-orders-dev' and 'SqsBroker-new-orders-dev'; write both in the same case, or set Entity on both topics."],
            StartUp.Problems(With(("Products:billing", other))));
    }

    [Fact]
    public void An_events_file_may_spell_a_tag_in_another_case_than_the_application_but_not_in_two()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                [ { "tag": "SqsBroker", "description": "From the file", "envs": [ { "slug": "DEV", "type": "IN_MEMORY" } ],
                    "topics": [ { "tag": "sqsBroker:New-Orders", "description": "After checkout" } ] } ]
                """);
            using (var services = TestProvider.Build(Orders, x => x.AddDuctapeEventsFile(file, "MY_PRODUCT")))
            {
                Assert.Equal(["sqsbroker"], services.Catalog().ListBrokers().Select(x => x.Tag));
                Assert.Equal("After checkout", services.Catalog().FetchTopic(Event).Description);
            }

            File.WriteAllText(file, """[ { "tag": "other" }, { "tag": "Other" } ]""");
            Assert.Contains(StartUp.Problems(Orders, x => x.AddDuctapeEventsFile(file)), x => x.StartsWith($"{file}: 'Other' and 'other' differ in case alone"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IConfigurationBuilder Override(IConfigurationBuilder builder) => builder.AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["DUCTAPE:PRODUCTS:MY_PRODUCT:BROKERS:SQSBROKER:TOPICS:NEW-ORDERS:PREFETCH"] = "3",
        ["DUCTAPE:PRODUCTS:MY_PRODUCT:BROKERS:SQSBROKER:ENVS:DEV:TYPE"] = "IN_MEMORY",
    });

    private static IConfigurationRoot Configuration(Func<IConfigurationBuilder, IConfigurationBuilder> more) =>
        more(new ConfigurationBuilder().AddConfiguration(TestServices.Configuration(Orders))).Build();

    private static ServiceProvider Build(Func<IConfigurationBuilder, IConfigurationBuilder> more)
    {
        var services = new ServiceCollection().AddSingleton<IConfiguration>(Configuration(more));
        services.AddDuctapeMessageBroker();
        return services.BuildServiceProvider(validateScopes: true);
    }
}
