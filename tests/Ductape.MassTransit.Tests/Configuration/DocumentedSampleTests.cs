using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Tests.Configuration;

public class DocumentedSampleTests
{
    private const string Sample = """
        {
          "Ductape": {
            "Product": "my_product",
            "Env": "dev",
            "Products": {
              "my_product": {
                "Brokers": {
                  "sqsbroker": {
                    "Name": "Orders",
                    "Envs": {
                      "dev": { "Type": "IN_MEMORY" },
                      "stg": { "Type": "RABBITMQ", "Config": { "Url": "amqp://guest:guest@localhost:5672/" } },
                      "prd": { "Type": "AWS_SQS",  "Config": { "Region": "us-east-1", "AccessKeyId": "$Secret{AWS_KEY}", "SecretAccessKey": "$Secret{AWS_SECRET}" } }
                    },
                    "Topics": {
                      "new-orders": { "Name": "New orders", "Sample": { "orderId": "12345" },
                                      "Retry": { "Count": 3, "InitialDelay": "00:00:00.200", "Multiplier": 2, "MaxDelay": "00:00:05" },
                                      "Subscribers": [ "my_product", "billing" ] }
                    }
                  }
                },
                "Sessions": { "session-tag-1": { "SigningKey": "$Secret{SESSION_KEY}", "Selector": "$Session{userId}", "Expiry": 1, "Period": "hours" } },
                "Caches":   { "orders-cache":  { "Expiry": 60000 } }
              }
            }
          }
        }
        """;

    [Fact]
    public void It_is_valid_with_and_without_the_transports_of_other_environments()
    {
        Assert.Empty(StartUp.Problems(Sample));
        Assert.Empty(StartUp.Problems(Sample, x => x.AddRabbitMq()));
    }

    [Fact]
    public void It_lists_its_broker_with_every_environment()
    {
        using var services = TestProvider.Build(Sample);

        var broker = Assert.Single(services.Catalog().ListBrokers());
        Assert.Equal(("sqsbroker", "Orders", null), (broker.Tag, broker.Name, broker.Description));
        Assert.Equal([new("dev", "IN_MEMORY"), new("prd", "AWS_SQS"), new BrokerEnvDescription("stg", "RABBITMQ")], broker.Envs);
    }

    [Fact]
    public void It_fetches_its_topic_with_sample_and_subscribers()
    {
        using var services = TestProvider.Build(Sample);

        var topic = services.Catalog().FetchTopic("sqsbroker:new-orders");
        Assert.Equal(("sqsbroker:new-orders", "New orders", null), (topic.Tag, topic.Name, topic.Description));
        Assert.Equal("""{"orderId":"12345"}""", topic.Sample!.ToJsonString());
        Assert.Equal(["my_product", "billing"], topic.Subscribers);
    }

    [Fact]
    public void It_binds_retries_sessions_and_caches()
    {
        using var services = TestProvider.Build(Sample);
        var product = services.GetRequiredService<IOptions<DuctapeOptions>>().Value.Products["my_product"];

        var retry = product.Brokers["sqsbroker"].Topics["new-orders"].Retry;
        Assert.Equal((3, TimeSpan.FromMilliseconds(200), 2d, TimeSpan.FromSeconds(5)),
            (retry.Count, retry.InitialDelay, retry.Multiplier, retry.MaxDelay));
        var session = product.Sessions["session-tag-1"];
        Assert.Equal(("$Secret{SESSION_KEY}", "$Session{userId}", (TimeSpan?)TimeSpan.FromHours(1), "hours"),
            (session.SigningKey, session.Selector, session.Expiry, session.Period));
        Assert.Equal(TimeSpan.FromMinutes(1), product.Caches["orders-cache"].Expiry);
    }

    [Fact]
    public void It_routes_the_same_event_to_RabbitMQ_in_another_environment()
    {
        using var services = TestProvider.Build(Sample, x => x.AddRabbitMq());

        Assert.Equal(
            ("RABBITMQ", "RABBITMQ (amqp://localhost:5672/)", "sqsbroker-new-orders-stg", "my_product-sqsbroker-new-orders-stg"),
            services.Catalog().FetchRoute("sqsbroker:new-orders", env: "stg") is var route
                ? (route.BrokerType, route.Connection, route.Entity, route.Queue)
                : default);
    }
}
