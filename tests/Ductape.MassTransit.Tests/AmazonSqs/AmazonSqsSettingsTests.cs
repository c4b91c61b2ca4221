using static Ductape.MassTransit.Tests.AmazonSqs.AmazonSqsPlan;

namespace Ductape.MassTransit.Tests.AmazonSqs;

public class AmazonSqsSettingsTests
{
    [Theory]
    [InlineData("""{ "Region": "us-east-1" }""")]
    [InlineData("""{ "region": "eu-central-1", "accessKeyId": "a", "secretAccessKey": "b", "sessionToken": "c" }""")]
    [InlineData("""{ "Region": "$Secret{REGION}", "AccessKeyId": "$Secret{AWS_KEY}", "SecretAccessKey": "$Secret{AWS_SECRET}" }""")]
    [InlineData("""{ "ServiceUrl": "http://localhost:4566" }""")]
    [InlineData("""{ "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders" }""")]
    [InlineData("""{ "Region": "us-gov-west-1", "Scope": "shop", "Fifo": true, "Provision": "none", "Tags": { "team": "orders" }, "WaitTimeSeconds": 1, "VisibilityTimeout": "00:02:00", "MaxHandlingTime": "01:00:00" }""")]
    [InlineData("""{ "Region": "us-east-1", "WaitTime": "00:00:01" }""")]
    public void Valid_settings_are_no_problem(string config) => Assert.Empty(Problems(Env(config)));

    [Theory]
    [InlineData("""{ "Region": "us-east-1" }""", 20)]
    [InlineData("""{ "Region": "us-east-1", "WaitTime": "00:00:07" }""", 7)]
    [InlineData("""{ "Region": "us-east-1", "WaitTimeSeconds": 7 }""", 7)]
    [InlineData("""{ "region": "us-east-1", "waitTimeSeconds": "7" }""", 7)]
    public void The_wait_for_messages_is_a_time_span_or_a_number_of_seconds(string config, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ((AmazonSqsSettings)Of(Env(config)).Settings).WaitTime);

    [Theory]
    [InlineData("""{}""", "Region: it is missing; give the region of AWS, as 'us-east-1'.")]
    [InlineData("""{ "Region": "Virginia" }""", "Region: 'Virginia' is not a region of AWS; write it as 'us-east-1'.")]
    [InlineData("""{ "Region": "us-east-1", "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/1/orders" }""", "Region: 'us-east-1' is not the region of QueueUrl, 'eu-west-1'; leave Region out.")]
    [InlineData("""{ "Region": "us-east-1", "AccessKeyId": "a" }""", "SecretAccessKey: it is missing, and goes with AccessKeyId; give both, or neither for the AWS default credential chain.")]
    [InlineData("""{ "Region": "us-east-1", "SecretAccessKey": "a" }""", "AccessKeyId: it is missing, and goes with SecretAccessKey; give both, or neither for the AWS default credential chain.")]
    [InlineData("""{ "Region": "us-east-1", "SessionToken": "a" }""", "SessionToken: it goes with AccessKeyId and SecretAccessKey; give all three.")]
    [InlineData("""{ "Region": "us-east-1", "AccessKeyId": " ", "SecretAccessKey": "b" }""", "AccessKeyId: it is blank.")]
    [InlineData("""{ "ServiceUrl": "localhost:4566" }""", "ServiceUrl: it is not a URL (not shown, since it may hold a password); write http://localhost:4566.")]
    [InlineData("""{ "ServiceUrl": "http://u:p@localhost" }""", "ServiceUrl: it is not a URL (not shown, since it may hold a password); write http://localhost:4566.")]
    [InlineData("""{ "QueueUrl": "orders" }""", "QueueUrl: it is not the URL of a queue; write https://sqs.us-east-1.amazonaws.com/123456789012/name.")]
    [InlineData("""{ "QueueUrl": "$Secret{URL}" }""", "QueueUrl: a secret cannot stand here, since the queue's name is shown in logs and errors; write the URL.")]
    [InlineData("""{ "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/1/orders", "Fifo": true }""", "QueueUrl: the queue 'orders' is not a FIFO queue, whose name ends with '.fifo'; leave Fifo out, or give another queue.")]
    [InlineData("""{ "Region": "us-east-1", "Scope": "my.shop" }""", "Scope: 'my.shop' is not 1 to 20 letters (a to z), digits, '-' or '_'.")]
    [InlineData("""{ "Region": "us-east-1", "WaitTime": "00:00:21" }""", "WaitTime: '00:00:21' is out of range; it must be from one second to twenty seconds.")]
    [InlineData("""{ "Region": "us-east-1", "WaitTime": "00:00:01.5" }""", "WaitTime: '00:00:01.5000000' has parts of a second; it must be whole seconds.")]
    [InlineData("""{ "Region": "us-east-1", "WaitTime": 20 }""", "WaitTime: '20' is not a time span like '00:00:30' (hours:minutes:seconds).")]
    [InlineData("""{ "Region": "us-east-1", "WaitTimeSeconds": 0 }""", "WaitTime: '00:00:00' is out of range; it must be from one second to twenty seconds.")]
    [InlineData("""{ "Region": "us-east-1", "WaitTimeSeconds": "00:00:20" }""", "WaitTimeSeconds: '00:00:20' is not a whole number of seconds.")]
    [InlineData("""{ "Region": "us-east-1", "WaitTimeSeconds": "" }""", "WaitTimeSeconds: '' is not a whole number of seconds.")]
    [InlineData("""{ "Region": "us-east-1", "WaitTimeSeconds": [ 5 ] }""", "WaitTimeSeconds: it takes a single value (a whole number of seconds), not an object or a list.")]
    [InlineData("""{ "Region": "us-east-1", "WaitTimeSeconds": 5, "WaitTime": "00:00:05" }""", "WaitTimeSeconds: it says the same as WaitTime, which is given too; give one of them.")]
    [InlineData("""{ "Region": "us-east-1", "VisibilityTimeout": "00:00:00" }""", "VisibilityTimeout: '00:00:00' is out of range; it must be from one second to twelve hours.")]
    [InlineData("""{ "Region": "us-east-1", "MaxHandlingTime": "13:00:00" }""", "MaxHandlingTime: '13:00:00' is out of range; it must be from one second to twelve hours.")]
    [InlineData("""{ "Region": "us-east-1", "MaxHandlingTime": "00:01:00", "VisibilityTimeout": "00:02:00" }""", "MaxHandlingTime: '00:01:00' is less than VisibilityTimeout; it must be at least that.")]
    [InlineData("""{ "Region": "us-east-1", "ProbeInterval": "00:00:00" }""", "ProbeInterval: '00:00:00' is out of range; it must be from one second to one hour.")]
    [InlineData("""{ "Region": "us-east-1", "Provision": "maybe" }""", "Provision: 'maybe' is not one of Create, None.")]
    public void A_wrong_setting_is_a_problem_in_whatever_environment(string config, string problem) =>
        Assert.Equal([$"Ductape:{Prd}:Config:{problem}"], Problems(Env(config)));

    [Fact]
    public void The_URL_of_one_topic_is_checked_where_it_stands() =>
        Assert.Equal(
            [$"Ductape:{OrdersConfiguration.Topic}:Envs:prd:QueueUrl: it is not the URL of a queue; write https://sqs.us-east-1.amazonaws.com/123456789012/name."],
            Problems(Env("""{ "Region": "us-east-1" }"""), ($"{OrdersConfiguration.Topic}:Envs", """{ "prd": { "QueueUrl": "orders" } }""")));

    [Fact]
    public void Credentials_are_not_in_the_words_for_the_settings()
    {
        var settings = new AmazonSqsSettings
        {
            Region = "us-east-1",
            AccessKeyId = "key-1",
            SecretAccessKey = "secret-2",
            SessionToken = "token-3",
            ServiceUrl = "http://user:password-4@localhost:4566/x",
        };

        Assert.Equal("us-east-1 at http://localhost:4566", settings.ToString());
    }
}
