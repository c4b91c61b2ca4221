using System.Text.Json;
using static Ductape.MassTransit.Tests.AmazonSqs.AmazonSqsPlan;

namespace Ductape.MassTransit.Tests.AmazonSqs;

public class AmazonSqsIamPolicyTests
{
    private const string Queue = "arn:aws:sqs:us-east-1:*:my_product-sqsbroker-new-orders-prd*";

    [Fact]
    public void By_default_it_may_publish_receive_move_failed_messages_and_create()
    {
        var statements = Statements("""{ "Region": "us-east-1" }""");

        Assert.Equal(["Publish", "Receive", "MoveFailed", "CreateQueues", "CreateTopics", "ListTopics"], statements.Keys);
        Assert.Equal(["arn:aws:sns:us-east-1:*:sqsbroker-new-orders-prd"], statements["Publish"]);
        Assert.Equal([Queue], statements["Receive"]);
        Assert.Equal([$"{Queue}_error", $"{Queue}_skipped"], statements["MoveFailed"]);
        Assert.Equal([Queue, $"{Queue}_error", $"{Queue}_skipped"], statements["CreateQueues"]);
        Assert.Equal(["*"], statements["ListTopics"]);
    }

    [Fact]
    public void With_provision_none_it_may_create_nothing() =>
        Assert.Equal(["Publish", "Receive", "MoveFailed", "ListTopics"], Statements("""{ "Region": "us-east-1", "Provision": "none" }""").Keys);

    [Fact]
    public void What_a_topic_asks_for_needs_a_permission_each()
    {
        var statements = Statements("""{ "Region": "us-east-1", "Provision": "none" }""",
            (OrdersConfiguration.Topic, """{ "OnUnroutable": "fail", "Redelivery": [ "00:01:00" ] }"""));

        Assert.Equal(["Publish", "AskForSubscriptions", "Receive", "SendBack", "MoveFailed", "ListTopics"], statements.Keys);
        Assert.Equal([Queue], statements["SendBack"]);
    }

    [Fact]
    public void Dead_letters_need_permissions_of_their_own()
    {
        var policy = AmazonSqsIamPolicy.For(All(Env("""{ "Region": "us-east-1", "Provision": "none" }""")), "prd", deadLetters: true);
        var statements = Read(policy);

        Assert.Equal(["Publish", "Receive", "SendBack", "DeadLetters", "MoveFailed", "ListTopics"], statements.Keys);
        Assert.Equal([$"{Queue}_error"], statements["DeadLetters"]);
        Assert.Contains("sqs:ChangeMessageVisibility", policy);
    }

    [Fact]
    public void With_a_queue_URL_it_needs_nothing_of_SNS()
    {
        var statements = Statements("""{ "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123/orders.fifo", "Provision": "none" }""");

        Assert.Equal(["Send", "Receive", "MoveFailed"], statements.Keys);
        Assert.Equal(["arn:aws:sqs:us-east-1:123:orders.fifo"], statements["Receive"]);
        Assert.Equal(["arn:aws:sqs:us-east-1:123:orders_error.fifo", "arn:aws:sqs:us-east-1:123:orders_skipped.fifo"], statements["MoveFailed"]);
    }

    [Fact]
    public void The_queue_of_a_subscriber_that_is_configured_here_has_the_name_that_it_says()
    {
        const string Billing = "Products:billing:Brokers:sqsbroker";
        var plan = Of(
            Env("""{ "Region": "us-east-1" }"""),
            ($"{OrdersConfiguration.Topic}:Subscribers", """[ "billing", "shipping" ]"""),
            (Billing, """{ "Envs": { "prd": { "Type": "AWS_SQS", "Config": { "Region": "us-east-1" } } }, "Topics": { "new-orders": { "Queue": "invoices" } } }"""));

        Assert.Equal(["invoices", "shipping-sqsbroker-new-orders-prd"], plan.SubscriberQueues);
    }

    [Fact]
    public void An_environment_that_is_not_on_SQS_is_refused() =>
        Assert.Throws<ArgumentException>(() => AmazonSqsIamPolicy.For(All(Env("""{ "Region": "us-east-1" }""")), "dev"));

    private static Dictionary<string, string[]> Statements(string config, params (string, string)[] changes) =>
        Read(AmazonSqsIamPolicy.For(All([Env(config), .. changes]), "prd"));

    private static Dictionary<string, string[]> Read(string policy) =>
        JsonDocument.Parse(policy).RootElement.GetProperty("Statement").EnumerateArray().ToDictionary(
            x => x.GetProperty("Sid").GetString()!, x => x.GetProperty("Resource").EnumerateArray().Select(r => r.GetString()!).ToArray());
}
