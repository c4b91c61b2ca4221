using static Ductape.MassTransit.Tests.AmazonSqs.AmazonSqsPlan;

namespace Ductape.MassTransit.Tests.AmazonSqs;

public class AmazonSqsQueueUrlTests
{
    // What the settings say of themselves shows region, service and queue; the policy shows partition and account.
    [Theory]
    [InlineData("https://sqs.us-east-1.amazonaws.com/123456789012/orders", "us-east-1, queue orders", "arn:aws:sqs:us-east-1:123456789012:orders")]
    [InlineData("https://sqs.us-east-1.amazonaws.com/123456789012/orders.fifo", "us-east-1, queue orders.fifo", "arn:aws:sqs:us-east-1:123456789012:orders.fifo")]
    [InlineData("https://queue.amazonaws.com/123/orders", "us-east-1, queue orders", "arn:aws:sqs:us-east-1:123:orders")]
    [InlineData("https://eu-west-1.queue.amazonaws.com/123/orders", "eu-west-1, queue orders", "arn:aws:sqs:eu-west-1:123:orders")]
    [InlineData("https://sqs.cn-north-1.amazonaws.com.cn/123/orders", "cn-north-1, queue orders", "arn:aws-cn:sqs:cn-north-1:123:orders")]
    [InlineData("https://sqs.us-gov-west-1.amazonaws.com/123/orders", "us-gov-west-1, queue orders", "arn:aws-us-gov:sqs:us-gov-west-1:123:orders")]
    [InlineData("https://sqs-fips.us-east-2.amazonaws.com/123/orders", "us-east-2 at https://sqs-fips.us-east-2.amazonaws.com, queue orders", "arn:aws:sqs:us-east-2:123:orders")]
    [InlineData("https://sqs.us-east-2.api.aws/123/orders", "us-east-2 at https://sqs.us-east-2.api.aws, queue orders", "arn:aws:sqs:us-east-2:123:orders")]
    [InlineData("https://vpce-1a.sqs.us-east-2.vpce.amazonaws.com/123/orders", "us-east-2 at https://vpce-1a.sqs.us-east-2.vpce.amazonaws.com, queue orders", "arn:aws:sqs:us-east-2:123:orders")]
    [InlineData("http://localhost:4566/000000000000/orders", "us-east-1 at http://localhost:4566, queue orders", "arn:aws:sqs:us-east-1:000000000000:orders")]
    [InlineData("http://localhost:4566/queue/eu-west-1/000000000000/orders", "eu-west-1 at http://localhost:4566, queue orders", "arn:aws:sqs:eu-west-1:000000000000:orders")]
    [InlineData("http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/orders", "us-east-1 at http://sqs.us-east-1.localhost.localstack.cloud:4566, queue orders", "arn:aws:sqs:us-east-1:000000000000:orders")]
    public void A_queue_URL_says_where_the_queue_is(string url, string description, string arn)
    {
        var plan = Of(Env($$"""{ "QueueUrl": "{{url}}" }"""));

        Assert.Equal(description, plan.Settings.ToString());
        Assert.True(plan.IsExistingQueue);
        Assert.Equal(plan.Entity, plan.Queue);
        Assert.EndsWith($":{plan.Queue}", arn);
        Assert.Contains($"\"{arn}\"", AmazonSqsIamPolicy.For([plan], "prd"));
    }

    [Theory]
    [InlineData("https://sqs.us-east-1.amazonaws.com/orders")]
    [InlineData("https://sqs.us-east-1.amazonaws.com/123/orders/more")]
    [InlineData("https://sqs.us-east-1.amazonaws.com/123/or.ders")]
    [InlineData("https://sqs.us-east-1.amazonaws.com/abc/orders")]
    [InlineData("https://user:password@sqs.us-east-1.amazonaws.com/123/orders")]
    [InlineData("https://sqs.us-east-1.amazonaws.com/123/orders?x=1")]
    [InlineData("ftp://sqs.us-east-1.amazonaws.com/123/orders")]
    [InlineData("arn:aws:sqs:us-east-1:123:orders")]
    [InlineData("")]
    public void What_is_no_queue_URL_is_refused(string url) =>
        Assert.Equal([$"Ductape:{Prd}:Config:QueueUrl: it is not the URL of a queue; write https://sqs.us-east-1.amazonaws.com/123456789012/name."],
            Problems(Env($$"""{ "QueueUrl": "{{url}}" }""")));

    [Fact]
    public void The_URL_of_a_topic_wins_and_brings_its_own_region()
    {
        var plan = Of(
            Env("""{ "Region": "us-east-1" }"""),
            ($"{OrdersConfiguration.Topic}:Envs", """{ "prd": { "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123/special" } }"""));

        Assert.Equal("eu-west-1, queue special", plan.Settings.ToString());
        Assert.Equal("special", plan.Entity);
    }

    [Fact]
    public void Two_topics_at_one_queue_URL_are_a_problem() =>
        Assert.Contains("the entity name 'orders' of",
            Assert.Single(Problems(
                Env("""{ "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123/orders" }"""), ($"{OrdersConfiguration.Broker}:Topics:refunds", "{}"))));

    [Fact]
    public void A_queue_URL_means_nothing_where_the_broker_is_another() =>
        Assert.Empty(Problems(($"{OrdersConfiguration.Topic}:Envs", """{ "dev": { "QueueUrl": "orders" } }""")));
}
