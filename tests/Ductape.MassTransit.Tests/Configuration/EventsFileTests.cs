using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Tests.Configuration;

public sealed class EventsFileTests : IDisposable
{
    private const string Settings = """{ "Ductape": { "Product": "my_product", "Env": "dev" } }""";

    private const string Events = """
        [
          // What Ductape's CLI writes.
          {
            "tag": "sqsbroker", "name": "Orders", "description": "Order events",
            "envs": [
              { "slug": "dev", "type": "IN_MEMORY", "config": { "prefetch": 8 } },
              { "slug": "prd", "type": "AWS_SQS", "config": { "region": "us-east-1", "accessKeyId": "x" } },
            ],
            "topics": [
              {
                "tag": "sqsbroker:new-orders", "name": "New orders", "description": "After checkout",
                "sample": { "orderId": "1", "total": 10.50, "paid": true, "note": null, "lines": [ { "qty": 2 } ] },
                "queueUrls": [ { "env_slug": "prd", "url": "https://sqs.us-east-1.amazonaws.com/1/orders" } ]
              }
            ]
          }
        ]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ductape-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Ductapes_own_file_is_read_with_everything_in_it()
    {
        using var services = TestProvider.Build(Settings, x => x.AddDuctapeEventsFile(Write(Events)));

        var broker = services.Catalog().FetchBroker("sqsbroker");
        Assert.Equal(("Orders", "Order events"), (broker.Name, broker.Description));
        Assert.Equal([new("dev", "IN_MEMORY"), new BrokerEnvDescription("prd", "AWS_SQS")], broker.Envs);
        var topic = services.Catalog().FetchTopic("sqsbroker:new-orders");
        Assert.Equal(("New orders", "After checkout"), (topic.Name, topic.Description));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{ "orderId": "1", "total": 10.50, "paid": true, "note": null, "lines": [ { "qty": 2 } ] }"""), topic.Sample));
        var options = services.GetRequiredService<IOptions<DuctapeOptions>>().Value.Products["my_product"].Brokers["sqsbroker"];
        Assert.Equal("https://sqs.us-east-1.amazonaws.com/1/orders", options.Topics["new-orders"].Envs["prd"].QueueUrl);
        Assert.Equal("8", options.Envs["dev"].Config!["prefetch"]);
    }

    [Theory]
    [InlineData("TOPICS", "SAMPLE")]
    [InlineData("toPics", "sAmple")]
    public void Keys_in_another_case_are_the_same_keys(string topics, string sample)
    {
        var events = Events.Replace("\"topics\"", $"\"{topics}\"").Replace("\"sample\"", $"\"{sample}\"");
        using var services = TestProvider.Build(Settings, x => x.AddDuctapeEventsFile(Write(events)));

        Assert.Equal("10.50", services.Catalog().FetchTopic("sqsbroker:new-orders").Sample!["total"]!.ToJsonString());
    }

    [Fact]
    public async Task Its_events_are_published_and_received()
    {
        await using var services = TestProvider.Build(Settings, x => x.AddDuctapeEventsFile(Write(Events)));
        var inbox = new Conformance.Inbox();
        await using var subscription = await services.Broker().SubscribeAsync("sqsbroker:new-orders", inbox.ReceiveAsync);

        await services.Broker().PublishAsync("sqsbroker:new-orders", 1);

        await inbox.HasAsync(1);
    }

    [Fact]
    public void The_applications_configuration_wins_and_adds()
    {
        var json = OrdersConfiguration.With(
            ($"{OrdersConfiguration.Broker}:Name", "\"Mine\""),
            ($"{OrdersConfiguration.Topic}:Sample", """{ "mine": "yes" }"""),
            ($"{OrdersConfiguration.Topic}:Prefetch", "5"),
            ($"{OrdersConfiguration.Broker}:Topics:refunds", "{}"));
        using var services = TestProvider.Build(json, x => x.AddDuctapeEventsFile(Write(Events)));

        var broker = services.Catalog().FetchBroker("sqsbroker");
        Assert.Equal(("Mine", "Order events"), (broker.Name, broker.Description));
        Assert.Equal(["dev", "prd"], broker.Envs.Select(x => x.Slug));
        Assert.Equal(["sqsbroker:new-orders", "sqsbroker:refunds"], services.Catalog().ListTopics("sqsbroker").Select(x => x.Tag));
        var topic = services.Catalog().FetchTopic("sqsbroker:new-orders");
        Assert.Equal(("New orders", "After checkout"), (topic.Name, topic.Description));
        Assert.Equal("""{"mine":"yes"}""", topic.Sample!.ToJsonString());
    }

    [Fact]
    public void The_applications_configuration_may_add_to_an_environment_of_the_file()
    {
        var json = OrdersConfiguration.With((OrdersConfiguration.Dev, """{ "MaxMessageSize": 1000, "Format": "Json" }"""));
        using var services = TestProvider.Build(json, x => x.AddDuctapeEventsFile(Write(Events)));

        var route = services.Catalog().FetchRoute("sqsbroker:new-orders");

        Assert.Equal(("IN_MEMORY", 1000, MessageFormat.Json), (route.BrokerType, route.MaxMessageSize, route.Format));
        var env = services.GetRequiredService<IOptions<DuctapeOptions>>().Value.Products["my_product"].Brokers["sqsbroker"].Envs["dev"];
        Assert.Equal("8", env.Config!["prefetch"]);
        Assert.Equal("1", (string?)services.Catalog().FetchTopic("sqsbroker:new-orders").Sample!["orderId"]);
    }

    [Fact]
    public void The_brokers_go_to_the_product_that_is_named()
    {
        using var services = TestProvider.Build(TestServices.OrdersJson, x => x.AddDuctapeEventsFile(Write(Events), "billing"));

        Assert.Equal("Order events", services.Catalog().FetchBroker("sqsbroker", "billing").Description);
        Assert.Null(services.Catalog().FetchBroker("sqsbroker", "my_product").Description);
    }

    [Fact]
    public async Task A_relative_path_starts_at_the_content_root()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "ductape"));
        File.WriteAllText(Path.Combine(_folder, "ductape", "events.json"), Events);
        using var host = TestHost.Build(Settings, x => x.AddDuctapeEventsFile("ductape/events.json"), _folder);

        await host.StartAsync();

        Assert.Equal("Orders", host.Services.Catalog().FetchBroker("sqsbroker").Name);
        await host.StopAsync();
    }

    [Fact]
    public void Two_files_are_both_read()
    {
        var other = Write("""[ { "tag": "other", "envs": [ { "slug": "dev", "type": "IN_MEMORY" } ], "topics": [ { "tag": "other:t" } ] } ]""", "other.json");
        using var services = TestProvider.Build(Settings, x => x.AddDuctapeEventsFile(Write(Events)).AddDuctapeEventsFile(other));

        Assert.Equal(["other", "sqsbroker"], services.Catalog().ListBrokers().Select(x => x.Tag));
    }

    private string Write(string json, string name = "events.json")
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, json);
        return path;
    }
}
