namespace Ductape.MassTransit.Tests.Configuration;

public class UnknownKeyTests
{
    [Theory]
    [InlineData("Prodcut", "Product")]
    [InlineData("PublishTimeOuts", "PublishTimeout")]
    [InlineData("Products:my_product:Brokes", "Brokers")]
    [InlineData("Products:my_product:Sesions", "Sessions")]
    [InlineData("Products:my_product:Brokers:sqsbroker:Topic", "Topics")]
    [InlineData("Products:my_product:Brokers:sqsbroker:Envs:dev:Typ", "Type")]
    [InlineData("Products:my_product:Brokers:sqsbroker:Topics:new-orders:Rety", "Retry")]
    [InlineData("Products:my_product:Brokers:sqsbroker:Topics:new-orders:Retry:MaxDealy", "MaxDelay")]
    [InlineData("Products:my_product:Brokers:sqsbroker:Topics:new-orders:Envs:dev:Entitty", "Entity")]
    [InlineData("Products:my_product:Brokers:sqsbroker:Envs:dev:Config:Prefech", "Prefetch")]
    [InlineData("Products:my_product:Sessions:web:SigninKey", "SigningKey")]
    [InlineData("Products:my_product:Caches:orders:Expiri", "Expiry")]
    public void An_unknown_key_is_a_problem_at_every_level_and_names_the_near_miss(string path, string meant)
    {
        var problem = Assert.Single(StartUp.Problems(OrdersConfiguration.With((path, "\"x\""))));

        Assert.StartsWith($"Ductape:{path}: it is not a known key. Did you mean '{meant}'?", problem);
    }

    [Fact]
    public void A_key_that_resembles_none_gets_the_list_of_keys()
    {
        var problem = Assert.Single(StartUp.Problems(OrdersConfiguration.With(($"{OrdersConfiguration.Topic}:Retry:Strategy", "true"))));

        Assert.StartsWith($"Ductape:{OrdersConfiguration.Topic}:Retry:Strategy: it is not a known key.", problem);
        Assert.DoesNotContain("Did you mean", problem);
        Assert.EndsWith("'Count', 'Handle', 'Ignore', 'InitialDelay', 'Jitter', 'MaxDelay', 'Multiplier'.", problem);
    }

    [Theory]
    [InlineData("SerializerOptions")]
    [InlineData($"{OrdersConfiguration.Dev}:Settings")]
    [InlineData($"{OrdersConfiguration.Topic}:SampleJson")]
    public void What_only_code_can_set_is_unknown_in_a_configuration(string path)
    {
        var problem = Assert.Single(StartUp.Problems(OrdersConfiguration.With((path, """{ "a": 1 }"""))));

        Assert.StartsWith($"Ductape:{path}: it is not a known key.", problem);
    }

    [Fact]
    public void A_name_of_one_character_is_near_to_none() =>
        Assert.Equal(["Ductape:Env: no broker has the environment 'x'. Configured: 'a', 'b'."], StartUp.Problems(
            OrdersConfiguration.With(("Env", "\"x\""), ($"{OrdersConfiguration.Broker}:Envs", """{ "a": { "Type": "IN_MEMORY" }, "b": { "Type": "IN_MEMORY" } }"""))));

    [Fact]
    public void An_unknown_object_is_one_problem_and_not_one_for_each_of_its_keys() =>
        Assert.Single(StartUp.Problems(OrdersConfiguration.With(($"{OrdersConfiguration.Broker}:Queues", """{ "a": { "b": 1 }, "c": [1, 2] }"""))));

    [Fact]
    public void Any_key_may_stand_in_a_sample() =>
        Assert.Empty(StartUp.Problems(OrdersConfiguration.With(($"{OrdersConfiguration.Topic}:Sample", """{ "Typ": [ { "x": null } ], "n": 1 }"""))));
}
