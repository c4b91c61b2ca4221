using static Ductape.MassTransit.Tests.AmazonSqs.AmazonSqsPlan;

namespace Ductape.MassTransit.Tests.AmazonSqs;

public class AmazonSqsNamingTests
{
    [Fact]
    public void Names_are_made_of_the_tags()
    {
        var plan = Of(Env("""{ "Region": "us-east-1" }"""));

        Assert.Equal(("sqsbroker-new-orders-prd", "my_product-sqsbroker-new-orders-prd"), (plan.Entity, plan.Queue));
    }

    [Fact]
    public void A_scope_stands_before_them_and_fifo_behind()
    {
        var plan = Of(Env("""{ "Region": "us-east-1", "Scope": "eu", "Fifo": true }"""));

        Assert.Equal(("eu_sqsbroker-new-orders-prd.fifo", "eu_my_product-sqsbroker-new-orders-prd.fifo"), (plan.Entity, plan.Queue));
    }

    [Theory]
    [InlineData("""{ "Region": "us-east-1" }""")]
    [InlineData("""{ "Region": "us-east-1", "Scope": "a-scope-of-20-letters", "Fifo": true }""", 20)]
    public void A_long_name_leaves_room_for_what_MassTransit_adds(string config, int scope = 0)
    {
        if (scope > 0)
            config = config.Replace("a-scope-of-20-letters", new string('s', scope));
        var topic = new string('t', 300);
        var plan = Assert.Single(All(Env(config), ($"{OrdersConfiguration.Broker}:Topics:{topic}", "{}")), x => x.Env == "prd" && x.Event.EndsWith(topic));

        Assert.Equal(256, plan.Entity.Length);
        Assert.Equal(72, plan.Queue.Length);
        Assert.All((string[])[plan.Entity, plan.Queue], x => Assert.Matches("^[A-Za-z0-9_-]+(\\.fifo)?$", x));
    }

    [Fact]
    public void Periods_in_tags_are_replaced_although_MassTransit_takes_them()
    {
        var plan = Assert.Single(All(Env("""{ "Region": "us-east-1" }"""), ($"{OrdersConfiguration.Broker}:Topics:orders.created", "{}")),
            x => x is { Env: "prd", Event: "sqsbroker:orders.created" });

        Assert.Matches("^sqsbroker-orders-created-prd-[0-9a-f]{8}$", plan.Entity);
    }

    [Theory]
    [InlineData("\"Entity\": \"my.topic\"", "Entity: 'my.topic' has a character that the broker does not accept; use letters (a to z), digits, '-' and '_'.", false)]
    [InlineData("\"Queue\": \"my:queue\"", "Queue: 'my:queue' has a character that the broker does not accept; use letters (a to z), digits, '-' and '_'.", false)]
    [InlineData("\"Queue\": \"my-queue\"", "Queue: 'my-queue' does not end with '.fifo', as every name here must.", true)]
    public void A_name_of_ones_own_must_be_one_that_AWS_takes(string name, string problem, bool fifo) =>
        Assert.Equal([$"Ductape:{OrdersConfiguration.Topic}:{problem}"],
            Problems(Env($$"""{ "Region": "us-east-1", "Fifo": {{(fifo ? "true" : "false")}} }"""), ($"{OrdersConfiguration.Topic}:Envs", $$"""{ "prd": { {{name}} } }""")));
}
