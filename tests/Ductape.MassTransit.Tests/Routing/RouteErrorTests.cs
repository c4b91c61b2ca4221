using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Routing;

public class RouteErrorTests
{
    [Theory]
    [InlineData("sqsbroker", "dev", "my_product", "INVALID_EVENT",
        "the event 'sqsbroker' has no colon; write it as brokerTag:topicTag, for example 'orders:order-created'.")]
    [InlineData(Event, "dev", "my_prodct", "PRODUCT_NOT_FOUND",
        "no product 'my_prodct' is configured. Did you mean 'my_product'? Configured: 'my_product'.")]
    [InlineData(Event, "dev", "MyProduct", "PRODUCT_NOT_FOUND",
        "no product 'MyProduct' is configured. Did you mean 'my_product'? Configured: 'my_product'.")]
    [InlineData("sqsbrokr:new-orders", "dev", "my_product", "BROKER_NOT_FOUND",
        "the product 'my_product' has no broker 'sqsbrokr'. Did you mean 'sqsbroker'? Configured: 'sqsbroker'.")]
    [InlineData("payments:new-orders", "dev", "my_product", "BROKER_NOT_FOUND",
        "the product 'my_product' has no broker 'payments'. Configured: 'sqsbroker'.")]
    [InlineData(Event, "prod", "my_product", "BROKER_ENV_NOT_FOUND",
        "the broker 'sqsbroker' of 'my_product' has no environment 'prod'. Configured: 'dev'.")]
    [InlineData("sqsbroker:new-order", "dev", "my_product", "TOPIC_NOT_FOUND",
        "the broker 'sqsbroker' of 'my_product' has no topic 'new-order'. Did you mean 'new-orders'? Configured: 'new-orders'.")]
    public async Task Publishing_and_subscribing_to_what_is_not_configured_name_the_near_miss(
        string @event, string env, string product, string code, string message)
    {
        await using var services = TestProvider.Build();

        var publish = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().PublishAsync(@event, new { orderId = "1" }, product, env));
        var subscribe = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().SubscribeAsync(@event, _ => Task.CompletedTask, product, env));
        var route = Assert.Throws<DuctapeException>(() => services.Catalog().FetchRoute(@event, product, env));

        Assert.All([publish, subscribe, route], exception =>
        {
            Assert.Equal(code, exception.Code);
            Assert.Equal($"{code}: {message}", exception.Message);
            Assert.Equal((@event, env, product), (exception.Event, exception.Env, exception.ProductTag));
        });
    }

    [Fact]
    public void A_long_list_of_what_is_configured_is_cut()
    {
        var topics = string.Join(", ", Enumerable.Range(10, 25).Select(x => $$"""  "topic-{{x}}": {} """));
        using var services = TestProvider.Build(With(($"{Broker}:Topics", $"{{{topics}}}")));

        var exception = Assert.Throws<DuctapeException>(() => services.Catalog().FetchRoute("sqsbroker:something-else"));

        Assert.EndsWith("has no topic 'something-else'. Configured: 'topic-10', 'topic-11', 'topic-12', 'topic-13', 'topic-14', 'topic-15', "
            + "'topic-16', 'topic-17', 'topic-18', 'topic-19' and 15 more.", exception.Message);
    }

    [Fact]
    public void An_event_of_another_product_is_not_found_through_this_one()
    {
        using var services = TestProvider.Build(With(("Products:billing", """{ "Brokers": {} }""")));

        var exception = Assert.Throws<DuctapeException>(() => services.Catalog().FetchRoute(Event, "billing"));

        Assert.Equal("BROKER_NOT_FOUND: the product 'billing' has no broker 'sqsbroker'.", exception.Message);
    }
}
