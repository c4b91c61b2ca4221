using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Configuration;

public class NameRulesTests
{
    private const string InMemory = """ "Envs": { "dev": { "Type": "IN_MEMORY" } } """;

    [Fact]
    public void Two_events_whose_tags_run_together_to_one_name_are_refused()
    {
        var problems = StartUp.Problems(With(
            ($"{Product}:Brokers:a", $$"""{ {{InMemory}}, "Topics": { "b-c": {} } }"""),
            ($"{Product}:Brokers:a-b", $$"""{ {{InMemory}}, "Topics": { "c": {} } }""")));

        Assert.Equal(
            [
                $"Ductape:{Product}:Brokers:a-b:Topics:c: the entity name 'a-b-c-dev' of a-b:c in dev is also that of a:b-c in dev "
                    + $"(Ductape:{Product}:Brokers:a:Topics:b-c); rename one of the tags, or set Entity on one of the topics.",
                $"Ductape:{Product}:Brokers:a-b:Topics:c: the queue name 'my_product-a-b-c-dev' of my_product for a-b:c in dev is also that of "
                    + $"my_product for a:b-c in dev (Ductape:{Product}:Brokers:a:Topics:b-c); rename one of the tags, or set Queue on one of the topics.",
            ],
            problems);
    }

    [Fact]
    public void Two_products_whose_queues_would_be_one_are_refused()
    {
        var problems = StartUp.Problems(With(
            ("Products:shop", $$"""{ "Brokers": { "eu-orders": { {{InMemory}}, "Topics": { "new": {} } } } }"""),
            ("Products:shop-eu", $$"""{ "Brokers": { "orders": { {{InMemory}}, "Topics": { "new": {} } } } }""")));

        Assert.StartsWith(
            "Ductape:Products:shop-eu:Brokers:orders:Topics:new: the queue name 'shop-eu-orders-new-dev' of shop-eu for orders:new in dev is also that of "
                + "shop for eu-orders:new in dev",
            Assert.Single(problems));
    }

    [Fact]
    public void Explicit_names_part_what_the_tags_would_join() =>
        Assert.Empty(StartUp.Problems(With(
            ($"{Product}:Brokers:a", $$"""{ {{InMemory}}, "Topics": { "b-c": {} } }"""),
            ($"{Product}:Brokers:a-b", $$"""{ {{InMemory}}, "Topics": { "c": { "Entity": "abc2", "Queue": "abc3" } } }"""))));

    [Fact]
    public void The_same_names_on_different_connections_do_not_meet() =>
        Assert.Empty(StartUp.Problems(
            With(
                ($"{Product}:Brokers:a", $$"""{ {{InMemory}}, "Topics": { "b-c": {} } }"""),
                ($"{Product}:Brokers:a-b", """{ "Envs": { "dev": { "Type": "RABBITMQ" } }, "Topics": { "c": {} } }""")),
            x => x.AddRabbitMq()));

    [Fact]
    public void Products_that_share_an_event_do_not_collide() =>
        Assert.Empty(StartUp.Problems(With(("Products:billing", $$"""{ "Brokers": { "sqsbroker": { {{InMemory}}, "Topics": { "new-orders": {} } } } }"""))));

    [Fact]
    public void One_explicit_queue_cannot_serve_two_topics()
    {
        var problem = Assert.Single(StartUp.Problems(With(
            ($"{Topic}:Queue", "\"orders\""), ($"{Broker}:Topics:cancellations:Queue", "\"orders\""))));

        Assert.StartsWith($"Ductape:{Topic}: the queue name 'orders' of my_product for sqsbroker:new-orders in dev is also that of "
            + "my_product for sqsbroker:cancellations in dev", problem);
    }

    [Fact]
    public void A_queue_cannot_have_the_name_of_an_event_since_it_has_an_exchange_of_its_name()
    {
        var problem = Assert.Single(StartUp.Problems(With(
            ("Products:shop", $$"""{ "Brokers": { "orders": { {{InMemory}}, "Topics": { "new": {} } }, "shop-orders": { {{InMemory}}, "Topics": { "new": {} } } } }"""))));

        Assert.Equal("Ductape:Products:shop:Brokers:shop-orders:Topics:new: the entity name 'shop-orders-new-dev' of shop-orders:new in dev is also the queue "
            + "name of shop for orders:new in dev (Ductape:Products:shop:Brokers:orders:Topics:new); rename one of the tags, or set Entity on one of the topics.",
            problem);
    }

    [Fact]
    public void A_routing_key_that_AMQP_cannot_carry_is_refused() =>
        Assert.Equal([$"Ductape:{Topic}:RoutingKey: it is longer than 255 bytes."],
            StartUp.Problems(With(($"{Topic}:RoutingKey", $"\"{new string('k', 256)}\""))));

    [Theory]
    [InlineData("Entity", " ", "is blank")]
    [InlineData("Queue", "new orders", "has a character that the broker does not accept; use letters (a to z), digits, '-', '_' and '.'")]
    [InlineData("Queue", "orders/new", "has a character that the broker does not accept; use letters (a to z), digits, '-', '_' and '.'")]
    public void An_explicit_name_must_be_one_that_the_broker_accepts(string key, string name, string problem) =>
        Assert.Equal([$"Ductape:{Topic}:{key}: '{name}' {problem}."], StartUp.Problems(With(($"{Topic}:{key}", $"\"{name}\""))));

    [Fact]
    public void An_explicit_name_must_be_short_enough()
    {
        var name = new string('q', 248);

        Assert.Equal([$"Ductape:{Topic}:Queue: '{name}' has 248 characters; at most 247 fit."],
            StartUp.Problems(With(($"{Topic}:Queue", $"\"{name}\""))));
    }
}
