using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Routing;

public class BrokerCatalogTests
{
    private static readonly string TwoProducts = With(
        ($"{Topic}:Description", "\"After checkout.\""),
        ($"{Broker}:Topics:cancellations", "{}"),
        ($"{Product}:Brokers:analytics", """{ "Description": "Clicks", "Envs": { "stg": { "Type": "IN_MEMORY" }, "dev": { "Type": "IN_MEMORY" } } }"""),
        ("Products:billing", """{ "Brokers": { "invoices": { "Envs": { "dev": { "Type": "IN_MEMORY" } } } } }"""));

    [Fact]
    public void Brokers_are_listed_in_the_order_of_their_tags_with_their_environments()
    {
        using var services = TestProvider.Build(TwoProducts);

        var brokers = services.Catalog().ListBrokers();

        Assert.Equal(["analytics", "sqsbroker"], brokers.Select(x => x.Tag));
        Assert.Equal(["dev", "stg"], brokers[0].Envs.Select(x => x.Slug));
        Assert.Equal("Clicks", brokers[0].Description);
        Assert.Equal(["invoices"], services.Catalog().ListBrokers("billing").Select(x => x.Tag));
    }

    [Fact]
    public void Topics_are_listed_by_their_whole_event()
    {
        using var services = TestProvider.Build(TwoProducts);

        Assert.Equal(["sqsbroker:cancellations", "sqsbroker:new-orders"], services.Catalog().ListTopics("sqsbroker").Select(x => x.Tag));
        Assert.Empty(services.Catalog().ListTopics("analytics", "my_product"));
    }

    [Fact]
    public void A_topic_is_fetched_by_its_event()
    {
        using var services = TestProvider.Build(TwoProducts);

        var topic = services.Catalog().FetchTopic(Event, "my_product");

        Assert.Equal((Event, "New orders", "After checkout."), (topic.Tag, topic.Name, topic.Description));
        Assert.Null(topic.Sample);
    }

    [Fact]
    public void A_sample_may_be_changed_by_who_fetched_it()
    {
        using var services = TestProvider.Build(With(($"{Topic}:Sample", """{ "orderId": "1", "lines": [ { "sku": "a" } ], "gift": true }""")));
        services.Catalog().FetchTopic(Event).Sample!["orderId"] = "changed";

        Assert.Equal("""{"gift":true,"lines":[{"sku":"a"}],"orderId":"1"}""", services.Catalog().FetchTopic(Event).Sample!.ToJsonString());
    }

    [Fact]
    public void A_sample_as_JSON_text_keeps_its_types()
    {
        using var services = TestProvider.Build(With(($"{Topic}:Sample", "\"{ \\\"n\\\": 1.50, \\\"x\\\": null }\"")));

        Assert.Equal("""{"n":1.50,"x":null}""", services.Catalog().FetchTopic(Event).Sample!.ToJsonString());
    }

    [Fact]
    public void A_route_says_where_an_event_goes()
    {
        using var services = TestProvider.Build(With(($"{Dev}:Format", "\"Json\""), ($"{Dev}:MaxMessageSize", "1000")));

        var route = services.Catalog().FetchRoute(Event);

        Assert.Equal((Event, "dev", "my_product"), (route.Event, route.Env, route.ProductTag));
        Assert.Equal(("IN_MEMORY", "IN_MEMORY (in memory)"), (route.BrokerType, route.Connection));
        Assert.Equal(("sqsbroker-new-orders-dev", "my_product-sqsbroker-new-orders-dev"), (route.Entity, route.Queue));
        Assert.Equal((MessageFormat.Json, 1000), (route.Format, route.MaxMessageSize));
        Assert.True(route.MessageType.IsSubclassOf(typeof(TopicMessage)));
    }

    [Fact]
    public void The_second_lookup_of_a_route_allocates_nothing()
    {
        using var services = TestProvider.Build();
        var catalog = services.Catalog();
        var first = catalog.FetchRoute(Event);
        // The runtime compiles a method anew after some calls; none of that is the lookup's.
        for (var i = 0; i < 1000; i++)
            catalog.FetchRoute(Event);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = catalog.FetchRoute(Event);
        var named = catalog.FetchRoute(Event, "my_product", "dev");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Same(first, second);
        Assert.Same(first, named);
    }

    [Fact]
    public void What_is_not_there_is_told_with_its_code()
    {
        using var services = TestProvider.Build(TwoProducts);
        var catalog = services.Catalog();

        AssertCode("PRODUCT_NOT_FOUND", () => catalog.ListBrokers("bling"));
        AssertCode("PRODUCT_NOT_FOUND", () => catalog.ListTopics("sqsbroker", "bling"));
        AssertCode("BROKER_NOT_FOUND", () => catalog.FetchBroker("sqsbroker", "billing"));
        AssertCode("BROKER_NOT_FOUND", () => catalog.ListTopics("sqs"));
        AssertCode("BROKER_NOT_FOUND", () => catalog.FetchTopic("sqs:new-orders"));
        AssertCode("TOPIC_NOT_FOUND", () => catalog.FetchTopic("sqsbroker:orders-new"));
        AssertCode("INVALID_EVENT", () => catalog.FetchTopic("new-orders"));
        AssertCode("INVALID_INPUT", () => catalog.FetchBroker(" "));
        AssertCode("INVALID_INPUT", () => catalog.FetchRoute(" "));
    }

    [Fact]
    public void An_event_that_cannot_be_fetched_is_on_the_exception()
    {
        using var services = TestProvider.Build();

        var exception = Assert.Throws<DuctapeException>(() => services.Catalog().FetchTopic("sqsbroker:orders-new"));

        Assert.Equal(("sqsbroker:orders-new", "my_product"), (exception.Event, exception.ProductTag));
    }

    private static void AssertCode(string code, Func<object?> call) => Assert.Equal(code, Assert.Throws<DuctapeException>(call).Code);
}
